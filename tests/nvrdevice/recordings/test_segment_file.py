"""A file of a recording is whole up to its last picture, whatever happened to it."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.fmp4.boxer import Boxer, Fragment, Init
from nvrdevice.media.fmp4.picture import Picture
from nvrdevice.recordings import segment_file
from nvrdevice.recordings.segment_file import Label, SegmentWriter
from tests.nvrdevice.media.encoded import FPS, START_NS, units

LABEL = Label(
    recording="recording-source1",
    source="source1",
    profile="profile1",
    sequence=7,
    start_ns=START_NS,
    base=segment_file.in_ticks(START_NS),
    codec="avc1.42C01F",
    width=320,
    height=180,
)


def written(path: Path, *, pictures: int = 50, kind: str = "H264", close: bool = True) -> Path:
    writer: SegmentWriter | None = None
    picture: Picture | None = None
    boxer = Boxer(kind.split()[0], fps=FPS)
    for unit in units(kind)[:pictures]:
        for piece in boxer.take(unit):
            if isinstance(piece, Init):
                picture = piece.picture
            elif isinstance(piece, Fragment):
                if writer is None:
                    first = segment_file.read_part(piece.data, 0, base=0)
                    assert picture is not None and first is not None
                    writer = SegmentWriter(path, replace(LABEL, base=first.decode_at), picture)
                writer.append(piece)
    assert writer is not None
    writer.close() if close else writer.give_up()
    return path


def probe(path: Path) -> tuple[int, float]:
    """Pictures that decode without a complaint, and how long the file says it is."""
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-show_entries",
         "stream=nb_read_frames,duration", "-of", "json", str(path)],
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stderr == b""
    stream = json.loads(done.stdout)["streams"][0]
    return int(stream["nb_read_frames"]), float(stream["duration"])


@pytest.mark.parametrize("kind", ["H264", "H264 reordered", "H265"])
def test_players_read_a_file_and_its_length(tmp_path: Path, kind: str) -> None:
    assert probe(written(tmp_path / "a.mp4", kind=kind)) == (50, pytest.approx(2.0, abs=0.13))


def test_it_says_whose_it_is_and_since_when(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4")
    assert segment_file.read_label(path) == LABEL
    found = segment_file.read(path)
    assert (found.closed, len(found.parts), found.end_ns) == (True, 50, START_NS + 2_000_000_000)


def test_a_file_that_is_being_written_is_read_to_its_last_picture(tmp_path: Path) -> None:
    found = segment_file.read(written(tmp_path / "a.mp4", pictures=31, close=False))
    assert (found.closed, len(found.parts)) == (False, 31)
    assert [part.key for part in found.parts].count(True) == 2


@given(st.data())
def test_wherever_it_is_cut_it_is_repaired_to_its_last_whole_picture(data: st.DataObject) -> None:
    whole = CUT / "whole.mp4"
    begin = segment_file.read(whole).parts[0].offset
    size = whole.stat().st_size
    cut = data.draw(st.integers(begin, size))
    junk = data.draw(st.binary(max_size=200))
    path = CUT / "cut.mp4"
    path.write_bytes(whole.read_bytes()[:cut] + junk)
    there = [part for part in segment_file.read(whole).parts if part.end <= cut]
    repaired = segment_file.repair(path)
    assert repaired.closed
    assert repaired.parts[: len(there)] == tuple(there)
    assert len(repaired.parts) - len(there) <= 1  # junk that happens to be a picture
    assert segment_file.repair(path) == repaired


def test_a_repaired_file_plays(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4", close=False)
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size - 700)
    found = segment_file.repair(path)
    assert probe(path) == (
        len(found.parts),
        pytest.approx(len(found.parts) / FPS, abs=0.05),
    )


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4")
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        written(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"MZ somebody's program", b"\0\0\0\4free"])
def test_what_is_not_ours_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(DeviceError) as refusal:
        segment_file.repair(path)
    assert refusal.value.kind is Kind.INVALID
    assert path.read_bytes() == content


@pytest.fixture(autouse=True, scope="module")
def _cut(tmp_path_factory: pytest.TempPathFactory) -> None:
    global CUT
    CUT = tmp_path_factory.mktemp("cut")
    written(CUT / "whole.mp4")


CUT: Path


@pytest.mark.parametrize("kind", ["H264", "H264 reordered", "H265"])
def test_an_ended_file_is_known_by_its_head_and_its_index(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path / "a.mp4", kind=kind)
    found = segment_file.read(path)
    assert segment_file.read_ended(path) == (found.label, found.end_ns)


def test_a_file_that_was_not_ended_has_no_index(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4", close=False)
    assert segment_file.read_ended(path) is None
    found = segment_file.repair(path)
    assert segment_file.read_ended(path) == (found.label, found.end_ns)
