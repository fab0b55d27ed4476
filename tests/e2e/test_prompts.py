"""Passwords asked for at a terminal: typed twice, never shown, and Ctrl-C is no traceback."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.e2e.running_device import ROOT, RunningDevice

pytestmark = pytest.mark.e2e

PATIENCE_S = 60.0


class Terminal:
    """A command with a terminal of its own, as a person sits before it."""

    def __init__(self, device: RunningDevice, line: str) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            f"exec {line}",  # no shell in between, which Ctrl-C would end too
            shell=True,
            cwd=ROOT,
            env=device.environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # Without a controlling terminal Ctrl-C would be a letter.
            preexec_fn=lambda: _control(theirs),
        )
        os.close(theirs)
        self.shown = ""

    def wait_for(self, words: str) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while words not in self.shown:
            assert self._read(until_s - time.monotonic()), f"it says only: {self.shown}"

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def end(self) -> int:
        """The exit code, when all was read."""
        while self._read(PATIENCE_S):
            pass
        code = self.process.wait(PATIENCE_S)
        os.close(self._ours)
        return code

    def _read(self, timeout_s: float) -> bool:
        if not select.select([self._ours], [], [], max(0.0, timeout_s))[0]:
            return False
        try:
            data = os.read(self._ours, 4096)
        except OSError:  # the other side is closed
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)


def _control(terminal: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    with RunningDevice(tmp_path_factory.mktemp("device"), "test:") as running:
        yield running


def test_a_new_password_is_typed_twice_and_not_shown(device: RunningDevice) -> None:
    terminal = Terminal(device, "./nvr manage users create pat")
    terminal.wait_for("New password: ")
    terminal.type("typed-secret\n")
    terminal.wait_for("Once more: ")
    terminal.type("typed-secret\n")
    assert terminal.end() == 0
    assert "pat was created." in terminal.shown
    assert "typed-secret" not in terminal.shown


def test_ctrl_c_at_the_prompt_changes_nothing(device: RunningDevice) -> None:
    terminal = Terminal(device, "./nvr manage users create quinn")
    terminal.wait_for("New password: ")
    terminal.type("\x03")
    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown
    listed = subprocess.run(
        "./nvr manage users list",
        shell=True,
        cwd=ROOT,
        env=device.environment,
        capture_output=True,
        text=True,
    )
    assert "quinn" not in listed.stdout


def test_the_password_of_other_devices_is_typed_once(device: RunningDevice) -> None:
    terminal = Terminal(device, "./nvr manage discover --interface lo --wait 1 --user nobody")
    terminal.wait_for("Password: ")
    terminal.type("some-secret\n")
    assert terminal.end() == 0
    assert "It does not let in the user 'nobody' with this password." in terminal.shown
    assert "some-secret" not in terminal.shown
