"""Access units become fragments that players read back, and say when each picture was."""

import itertools
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.fmp4.boxer import Boxer, Fragment, Init
from tests.nvrdevice.media.encoded import FPS, START_NS, EncodedUnit, units
from tests.nvrdevice.media.fmp4.box_reader import boxes, sample

TICKS_S = 90_000
STEP = TICKS_S // FPS
FIRST = START_NS * TICKS_S // 1_000_000_000
CODECS = {"H264": "H264", "H264 reordered": "H264", "H265": "H265"}


def boxed(kind: str = "H264", given: tuple[EncodedUnit, ...] = ()) -> list[Init | Fragment]:
    boxer = Boxer(CODECS[kind], fps=FPS)
    return [piece for unit in given or units(kind) for piece in boxer.take(unit)]


def fragments(pieces: list[Init | Fragment]) -> list[Fragment]:
    return [piece for piece in pieces if isinstance(piece, Fragment)]


def packets(movie: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-show_packets", "-of", "json", str(movie)],
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    found: list[dict[str, Any]] = json.loads(done.stdout)["packets"]
    return found


@pytest.mark.parametrize("kind", CODECS)
def test_it_begins_with_an_init_and_has_a_fragment_for_each_picture(kind: str) -> None:
    pieces = boxed(kind)
    assert [type(piece) for piece in pieces] == [Init] + [Fragment] * 50
    made = fragments(pieces)
    assert [piece.sequence for piece in made] == list(range(1, 51))
    assert [piece.key for piece in made] == [unit.key for unit in units(kind)]
    assert [piece.wall_ns for piece in made] == [unit.wall_ns for unit in units(kind)]


@pytest.mark.parametrize("kind", CODECS)
def test_a_fragment_says_when_its_picture_was(kind: str) -> None:
    found = [sample(piece.data) for piece in fragments(boxed(kind))]
    assert [each.show_at for each in found] == [
        unit.wall_ns * TICKS_S // 1_000_000_000 for unit in units(kind)
    ]
    times = [each.decode_at for each in found]
    assert times == sorted(set(times))
    assert [each.sync for each in found] == [unit.key for unit in units(kind)]
    assert {each.duration for each in found} == {STEP}


def test_pictures_in_order_are_decoded_when_they_are_shown() -> None:
    found = [sample(piece.data) for piece in fragments(boxed())]
    assert [each.decode_at for each in found] == [FIRST + STEP * index for index in range(50)]


def test_pictures_out_of_order_are_decoded_evenly_and_in_time() -> None:
    found = [sample(piece.data) for piece in fragments(boxed("H264 reordered"))]
    distances = {b.decode_at - a.decode_at for a, b in itertools.pairwise(found)}
    assert distances == {STEP}
    assert [each for each in found if each.show_at < each.decode_at] == []


@pytest.mark.parametrize("kind", CODECS)
def test_players_decode_every_picture(kind: str, tmp_path: Path) -> None:
    movie = tmp_path / "movie.mp4"
    movie.write_bytes(b"".join(piece.data for piece in boxed(kind)))
    assert len(packets(movie)) == 50
    hashes = []
    for source in (movie, _stream(kind, tmp_path)):
        done = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", str(source), "-fps_mode", "passthrough",
             "-f", "framemd5", "-"], capture_output=True, check=True,
        )  # fmt: skip
        assert done.stderr == b""
        hashes.append([line.split()[-1] for line in done.stdout.splitlines() if line[:1] != b"#"])
    assert hashes[0] == hashes[1]
    assert len(hashes[0]) == 50


def _stream(kind: str, folder: Path) -> Path:
    file = folder / f"plain.{'h265' if kind == 'H265' else 'h264'}"
    file.write_bytes(b"".join(unit.data for unit in units(kind)))
    return file


def test_a_player_reads_the_time_of_day(tmp_path: Path) -> None:
    movie = tmp_path / "movie.mp4"
    movie.write_bytes(b"".join(piece.data for piece in boxed()))
    assert [round(float(each["pts_time"]), 2) for each in packets(movie)[:3]] == [
        round(START_NS / 1e9 + index / FPS, 2) for index in range(3)
    ]


def test_it_is_readable_up_to_any_fragment(tmp_path: Path) -> None:
    pieces = boxed()
    movie = tmp_path / "movie.mp4"
    whole = b"".join(piece.data for piece in pieces[:31])
    movie.write_bytes(whole + pieces[31].data[:-20])
    assert [each.path for each in boxes(whole) if each.path in ("/moof", "/mdat")] == [
        "/moof", "/mdat",
    ] * 30  # fmt: skip
    done = subprocess.run(
        ["ffprobe", "-v", "quiet", "-count_packets", "-show_entries", "stream=nb_read_packets",
         "-of", "csv=p=0", str(movie)], capture_output=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) >= 30


def test_what_comes_before_the_first_key_picture_is_left_out() -> None:
    pieces = boxed(given=units()[20:])
    assert [type(piece) for piece in pieces] == [Init] + [Fragment] * 25


def test_a_key_picture_without_parameter_sets_begins_nothing() -> None:
    first = units()[0]
    bare = replace(first, data=first.data[first.data.rfind(b"\0\0\1e") :])
    assert boxed(given=(bare, *units()[1:25])) == []


def test_another_picture_begins_anew() -> None:
    pieces = boxed(given=(*units()[:25], *units(size="640x360")[:25]))
    inits = [piece for piece in pieces if isinstance(piece, Init)]
    assert [(each.picture.width, each.picture.height) for each in inits] == [(320, 180), (640, 360)]
    assert [each.sequence for each in fragments(pieces)] == [*range(1, 26), *range(1, 26)]


def test_a_clock_that_is_set_begins_anew_at_the_next_key_picture() -> None:
    hour_ns = 3_600_000_000_000
    stepped = [replace(unit, wall_ns=unit.wall_ns - hour_ns) for unit in units()[10:]]
    pieces = boxed(given=(*units()[:10], *stepped))
    assert [type(piece) for piece in pieces] == [Init] + [Fragment] * 10 + [Init] + [Fragment] * 25
    assert fragments(pieces)[10].wall_ns == START_NS + 1_000_000_000 - hour_ns


def test_a_stream_that_broke_off_begins_anew() -> None:
    hour_ns = 3_600_000_000_000
    later = [
        replace(unit, time_ns=unit.time_ns + hour_ns, wall_ns=unit.wall_ns + hour_ns)
        for unit in units("H264 reordered")[25:]
    ]
    pieces = boxed(given=(*units("H264 reordered")[:20], *later))
    assert [type(piece) for piece in pieces] == [Init] + [Fragment] * 20 + [Init] + [Fragment] * 25


def test_equal_times_are_told_apart() -> None:
    same = tuple(replace(unit, wall_ns=START_NS) for unit in units()[:5])
    times = [sample(piece.data).decode_at for piece in fragments(boxed(given=same))]
    assert times == sorted(set(times))


def test_what_a_browser_cannot_play_is_told() -> None:
    with pytest.raises(DeviceError) as raised:
        Boxer("JPEG")
    assert (raised.value.kind, "H.264" in raised.value.text) == (Kind.UNSUPPORTED, True)


def test_what_the_player_reads_lies_where_it_looks() -> None:
    for piece in fragments(boxed("H264 reordered")):
        found = sample(piece.data)
        assert int.from_bytes(piece.data[20:24]) == found.sequence
        assert int.from_bytes(piece.data[60:68]) == found.decode_at
        assert bool(piece.data[97] & 1) == (not found.sync)
