"""What parameter sets say: size, pixel shape, order, and the name of the codec."""

import subprocess
from pathlib import Path

import pytest

from nvrdevice.lib.errors import DeviceError
from nvrdevice.media.fmp4 import avc, hevc, nal_units
from nvrdevice.media.fmp4.boxer import Boxer, Init
from nvrdevice.media.fmp4.picture import Picture
from nvrdevice.media.fmp4.writer import init_segment
from tests.nvrdevice.media.encoded import START_NS, EncodedUnit, units
from tests.nvrdevice.media.fmp4.box_reader import boxes


def picture(kind: str, size: str = "320x180") -> Picture:
    codec = avc if kind.startswith("H264") else hevc
    found = codec.read_picture(list(nal_units.split(units(kind, size)[0].data)))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "size", "codec"),
    [
        ("H264", "320x180", "avc1.42C00C"),
        ("H264 reordered", "320x180", "avc1.64000C"),
        ("H264", "1280x720", "avc1.42C01F"),
        ("H265", "320x180", "hvc1.1.6.L60.90"),
    ],
)
def test_the_codec_is_named_as_browsers_do(kind: str, size: str, codec: str) -> None:
    assert picture(kind, size).codec == codec


@pytest.mark.parametrize("kind", ["H264", "H264 reordered", "H265"])
@pytest.mark.parametrize("size", [(320, 180), (1920, 1080), (322, 182)])
def test_the_size_is_the_one_that_is_shown(kind: str, size: tuple[int, int]) -> None:
    found = picture(kind, f"{size[0]}x{size[1]}")
    assert (found.width, found.height) == size


def test_reordering_is_read() -> None:
    assert [picture(kind).reordered for kind in ("H264", "H264 reordered")] == [0, 2]


STRANGE = {
    "wide pixels": ("704x576", "-vf", "setsar=16/11"),
    "fields": ("1920x1080", "-flags", "+ildct", "-x264-params", "tff=1"),
    "matrices": ("322x182", "-profile:v", "high", "-x264-params", "cqm=jvt"),
    "full colour": ("322x182", "-pix_fmt", "yuv444p", "-profile:v", "high444"),
    "steady rate": ("320x180", "-b:v", "500k", "-maxrate", "500k", "-bufsize", "500k",
                    "-x264-params", "nal-hrd=cbr"),
}  # fmt: skip


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_streams_are_read_as_players_read_them(kind: str, tmp_path: Path) -> None:
    size, *options = STRANGE[kind]
    stream, movie = tmp_path / "stream.h264", tmp_path / "movie.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25",
         "-frames:v", "1", "-c:v", "libx264", *options, str(stream)], check=True,
    )  # fmt: skip
    pieces = Boxer("H264").take(EncodedUnit(stream.read_bytes(), 0, START_NS, key=True))
    movie.write_bytes(b"".join(piece.data for piece in pieces))
    assert isinstance(pieces[0], Init)
    found = pieces[0].picture
    shape = "{}:{}".format(*found.pixel_shape)
    for file in (stream, movie):
        assert probe(file, "width,height,sample_aspect_ratio") == [
            str(found.width), str(found.height), shape,
        ]  # fmt: skip


def probe(file: Path, entries: str) -> list[str]:
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", f"stream={entries}", "-of", "csv=p=0",
         str(file)], capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode().strip().split(",")


@pytest.mark.parametrize("length", range(1, 8))
def test_a_set_that_is_cut_off_is_refused(length: int) -> None:
    (found,) = [unit for unit in nal_units.split(units()[0].data) if avc.kind(unit) == avc.SPS]
    with pytest.raises(DeviceError):
        avc.read_sequence(found[:length])


@pytest.mark.parametrize("kind", ["H264", "H265"])
def test_every_box_of_the_beginning_fits_into_the_next(kind: str) -> None:
    paths = [each.path for each in boxes(init_segment(picture(kind)))]
    assert [path for path in paths if path.count("/") == 1] == ["/ftyp", "/moov"]
    assert "/moov/trak/mdia/minf/stbl/stsd" in paths
    assert paths[-1] == "/moov/mvex/trex"


@pytest.mark.parametrize(
    ("kind", "size"),
    [("H264", "320x180"), ("H264 reordered", "322x182"), ("H265", "640x360")],
)
def test_a_player_agrees_about_size_and_codec(kind: str, size: str, tmp_path: Path) -> None:
    boxer = Boxer(kind.split()[0])
    pieces = [piece for unit in units(kind, size) for piece in boxer.take(unit)]
    assert isinstance(pieces[0], Init)
    movie = tmp_path / "movie.mp4"
    movie.write_bytes(b"".join(piece.data for piece in pieces))
    tag = "hvc1" if kind == "H265" else "avc1"
    assert probe(movie, "codec_tag_string,width,height") == [tag, *size.split("x")]
