"""The three processes as systemd runs them: ready, alive from their own loops, stopping."""

import contextlib
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from tests.e2e.running_device import ROOT, RunningDevice

pytestmark = pytest.mark.e2e

COMMANDS = {
    "device": ("rundevice", "--no-children", "--source", "test:"),
    "media": ("runmedia",),
    "web": ("runweb",),
}
PATIENCE_S = 60.0
WATCHDOG_S = 0.4
SILENCE_S = 5 * WATCHDOG_S
UNDER_WAY = 50  # notices; a loop that turns sends more


class Supervised:
    """One process, and the socket on which it tells how it is."""

    def __init__(self, name: str, device: RunningDevice) -> None:
        self.folder = device.folder / name
        self.folder.mkdir()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.folder / "notify"))
        # Read at once, as systemd does: the kernel keeps ten and lets the next ones fail.
        self.notices: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        self.log = (self.folder / "output.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.supervised_process", *COMMANDS[name]],
            cwd=ROOT,
            env=device.environment
            | {
                "NOTIFY_SOCKET": str(self.folder / "notify"),
                "WATCHDOG_USEC": str(int(WATCHDOG_S * 1_000_000)),
                "NVR_PROCESS": name,
            },
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def wait_for(self, state: str) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while self.next(until_s - time.monotonic()) != state:
            pass

    def next(self, timeout_s: float) -> str:
        try:
            return self.notices.get(timeout=max(0.01, timeout_s))
        except queue.Empty:
            text = (self.folder / "output.log").read_text(errors="replace")
            raise AssertionError(f"it kept silent:\n{text}") from None

    def is_silent(self) -> bool:
        """Whether nothing comes for long; what was under way before is passed over."""
        for _ in range(UNDER_WAY):
            try:
                self.notices.get(timeout=SILENCE_S)
            except queue.Empty:
                return True
        return False

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # closed when the test has ended
            while notice := self.socket.recv(1024):
                self.notices.put(notice.decode())

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.log.close()


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Supervised]]:
    """Started one after the other, as the units' After= says."""
    device = RunningDevice(tmp_path_factory.mktemp("d"))
    started: dict[str, Supervised] = {}
    try:
        for name in COMMANDS:
            started[name] = Supervised(name, device)
            started[name].wait_for("READY=1")
        assert device.answers_soap()
        yield started
    finally:
        for each in started.values():
            each.end()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_loop_that_turns_says_so_again_and_again(
    processes: dict[str, Supervised], name: str
) -> None:
    for _ in range(3):
        processes[name].wait_for("WATCHDOG=1")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_loop_that_hangs_falls_silent(processes: dict[str, Supervised], name: str) -> None:
    each = processes[name]
    each.process.send_signal(signal.SIGUSR1)
    until_s = time.monotonic() + PATIENCE_S
    while not (each.folder / "hangs").exists():
        assert time.monotonic() < until_s
        time.sleep(0.05)
    assert each.is_silent()
    (each.folder / "go-on").touch()
    each.wait_for("WATCHDOG=1")


@pytest.mark.parametrize("name", [*reversed(COMMANDS)])
def test_who_is_told_to_end_says_that_it_does(processes: dict[str, Supervised], name: str) -> None:
    each = processes[name]
    each.process.send_signal(signal.SIGTERM)
    each.wait_for("STOPPING=1")
    assert each.process.wait(PATIENCE_S) == 0
