"""Fifty times kill -9 under recording: no closed file is damaged, the open one is whole to its
last picture, and what was saved is there."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from nvrdevice.recordings import segment_file
from nvrdevice.recordings.folder import Folder, sequence_of
from tests.nvrdevice.recordings.recording_process import SHAPE

ROOT = Path(__file__).resolve().parents[3]
KILLS = 50
PATIENCE_S = 60.0
DATABASE = "var/nvrdevice.sqlite3"


class Recordings:
    def __init__(self, folder: Path) -> None:
        self.folder, self.shared = folder, folder / "shared"
        self.shared.write_bytes(bytes(SHAPE.size))
        self.place = Folder(folder / "var" / "recordings")
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.nvrdevice.recordings.recording_process",
             str(folder), str(self.shared)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._parent.stdout is not None
        return self._parent.stdout.readline().strip()

    def kill_one(self, after_s: float) -> tuple[int, int, int]:
        """What the killed one had written and saved."""
        before = self.shared.read_bytes()
        assert self._parent.stdin is not None
        self._parent.stdin.write("go\n")
        self._parent.stdin.flush()
        process = int(self._line())
        deadline = time.monotonic() + PATIENCE_S
        while self.shared.read_bytes() == before or not self.told()[2]:
            assert time.monotonic() < deadline, "it does not record"
            time.sleep(0.005)
        time.sleep(after_s)
        os.kill(process, signal.SIGKILL)
        assert self._line() == "gone"
        told = self.told()
        self.shared.write_bytes(SHAPE.pack(told[0], told[1], 0))
        return told

    def told(self) -> tuple[int, int, int]:
        found: tuple[int, int, int] = SHAPE.unpack(self.shared.read_bytes())
        return found

    def rows(self) -> dict[str, int]:
        """The files that the index has as closed, and their size."""
        with sqlite3.connect(self.folder / DATABASE) as database:
            found = database.execute(
                "SELECT path, size FROM nvrdevice_segment WHERE closed"
            ).fetchall()
        return dict(found)

    def stop(self) -> None:
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        self._parent.wait(30)
        assert self._parent.stdout is not None
        self._parent.stdout.close()


@pytest.fixture
def recordings(tmp_path: Path) -> Iterator[Recordings]:
    made = Recordings(tmp_path)
    yield made
    made.stop()


def test_fifty_kills(recordings: Recordings) -> None:
    chance = random.Random(7)
    sizes: dict[str, int] = {}
    for _ in range(KILLS):
        sequence, end_ns, saved = recordings.kill_one(chance.uniform(0, 0.25))
        for path, size in recordings.rows().items():
            assert sizes.setdefault(path, size) == size
        paths = {sequence_of(path): path for path in recordings.place.segments()}
        last = segment_file.read(recordings.place.absolute(paths[sequence]))
        assert last.end_ns >= end_ns
        document = yaml.safe_load((recordings.folder / "config" / "media.yaml").read_text())
        assert document["recording"]["cameras"][0]["post_s"] >= saved
    assert len(sizes) > KILLS // 2
    for path, size in sizes.items():
        file = recordings.place.absolute(path)
        assert file.stat().st_size == size
        assert segment_file.read(file).closed


def test_what_a_kill_left_plays(recordings: Recordings) -> None:
    recordings.kill_one(0.3)
    (path, *_) = recordings.place.segments()
    file = recordings.place.absolute(path)
    pictures = len(segment_file.read(file).parts)
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames",
         "-of", "csv=p=0", str(file)],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert (int(done.stdout), done.stderr) == (pictures, "")
