"""sd_notify without its library."""

import os
import socket
from pathlib import Path

import pytest

from nvrdevice.lib import service_notice
from nvrdevice.management import device


def test_without_a_manager_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not service_notice.tell(service_notice.READY)


@pytest.mark.parametrize("is_abstract", [True, False])
def test_the_manager_hears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_abstract: bool
) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + path if is_abstract else path)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + path if is_abstract else path)
        assert service_notice.tell(service_notice.READY)
        assert manager.recv(100) == b"READY=1"


def test_a_manager_that_is_gone_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    assert not service_notice.tell(service_notice.READY)


@pytest.mark.parametrize(
    ("usec", "pid", "beat_s"),
    [
        ("60000000", None, 30.0),
        ("60000000", "own", 30.0),
        ("60000000", "1", None),  # another process is the one that is watched
        ("0", None, None),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_the_heart_beats_twice_in_the_time_allowed(
    monkeypatch: pytest.MonkeyPatch, usec: str | None, pid: str | None, beat_s: float | None
) -> None:
    for name, value in (("WATCHDOG_USEC", usec), ("WATCHDOG_PID", pid)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value.replace("own", str(os.getpid())))
    assert service_notice.beat_s() == beat_s


def test_children_do_not_speak_for_their_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    monkeypatch.setenv("WATCHDOG_USEC", "1")
    assert not {"NOTIFY_SOCKET", "WATCHDOG_USEC"} & set(device._environment("web"))
