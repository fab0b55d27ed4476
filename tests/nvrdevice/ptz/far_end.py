"""The head at the other end of a serial line: a pseudo terminal, its bytes read and answered."""

import os
import select
import shutil
import tempfile
import time
import tty
from pathlib import Path

LIMIT_S = 30.0
ACKNOWLEDGED, COMPLETED = bytes.fromhex("9041ff"), bytes.fromhex("9051ff")


class FarEnd:
    """path is what the device opens; it leads nowhere while the cable is out.

    answering: as VISCA heads do, to each command.
    """

    def __init__(self, *, answering: bool = False) -> None:
        # Only files below /dev are taken for ports, and anybody may make one here.
        self._folder = Path(tempfile.mkdtemp(prefix="head-", dir="/dev/shm"))
        self.path = self._folder / "ttyHEAD"
        self._answering = answering
        self._ends: tuple[int, int] | None = None
        self._came = b""
        self.plug_in()

    def plug_in(self) -> None:
        far, near = os.openpty()
        tty.setraw(near)
        self._ends = far, near
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(near))

    def pull_out(self) -> None:
        self.path.unlink()
        assert self._ends is not None
        for end in self._ends:
            os.close(end)
        self._ends, self._came = None, b""

    def frame(self) -> str:
        """The next one, as "ff 01 00 00 00 00 01"."""
        deadline = time.monotonic() + LIMIT_S
        while not (length := self._length()):
            self._read(deadline)
        frame, self._came = self._came[:length], self._came[length:]
        if self._answering:
            assert self._ends is not None
            os.write(self._ends[0], ACKNOWLEDGED + COMPLETED)
        return frame.hex(" ")

    def until(self, wanted: str) -> None:
        """Frames are read until this one has come."""
        deadline = time.monotonic() + LIMIT_S
        seen: list[str] = []
        while not seen or seen[-1] != wanted:
            assert time.monotonic() < deadline, seen
            seen.append(self.frame())

    def forget(self) -> None:
        """What has come so far."""
        while self._read(0.0):
            pass
        self._came = b""

    def has_news(self) -> bool:
        return bool(self._came) or self._read(0.0)

    def close(self) -> None:
        if self._ends is not None:
            self.pull_out()
        shutil.rmtree(self._folder)

    def _length(self) -> int:
        """Of the first whole frame; 0: there is none yet."""
        if self._came[:1] == b"\xff":  # Pelco-D begins with it
            return 7 if len(self._came) >= 7 else 0
        return self._came.find(b"\xff") + 1  # VISCA ends with it

    def _read(self, deadline: float) -> bool:
        assert self._ends is not None
        left_s = max(0.0, deadline - time.monotonic()) if deadline else 0.0
        if not select.select([self._ends[0]], [], [], left_s)[0]:
            assert not deadline, f"nothing more came than {self._came.hex(' ')}"
            return False
        self._came += os.read(self._ends[0], 1000)
        return True
