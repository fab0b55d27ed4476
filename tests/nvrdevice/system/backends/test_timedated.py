"""timedated: what is said to systemd, and why something cannot be set."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import ntp
from nvrdevice.system.backends import NTP, SERVERS, TIME, ZONE, timedated
from nvrdevice.system.backends.timedated import Timedated

CALL = ["busctl", "--timeout=8", "call", *timedated.SERVICE]


class Systemd:
    def __init__(self, *, can_ntp: bool = True, answers: bool = True) -> None:
        self.said: list[list[str]] = []
        self._can_ntp, self._answers = can_ntp, answers

    def __call__(self, command: list[str]) -> str:
        if not self._answers:
            raise DeviceError(Kind.UNAVAILABLE, "The machine refused: no bus.")
        if "get-property" in command:
            return f"b {'true' if self._can_ntp else 'false'}\n"
        self.said.append(command)
        return ""


@pytest.fixture(autouse=True)
def no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ntp, "client", lambda: "")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    (tmp_path / "etc/systemd").mkdir(parents=True)
    return tmp_path


def test_what_systemd_is_told(root: Path) -> None:
    systemd = Systemd()
    machine = Timedated(systemd, root)
    machine.set_zone("Europe/Berlin")
    machine.set_ntp(on=False)
    machine.set_time(datetime(2031, 5, 21, 12, 0, 0, 250_000, tzinfo=UTC))
    assert systemd.said == [
        [*CALL, "SetTimezone", "sb", "Europe/Berlin", "false"],
        [*CALL, "SetNTP", "bb", "false", "false"],
        [*CALL, "SetTime", "xbb", "1937131200250000", "false", "false"],
    ]
    assert [machine.why_not(what) for what in (ZONE, TIME, NTP, SERVERS)] == ["", "", "", ""]


def test_servers_are_written_and_read_back(root: Path) -> None:
    systemd = Systemd()
    machine = Timedated(systemd, root)
    (root / "etc/systemd/timesyncd.conf").write_text("[Time]\nNTP=time.example\n")
    machine.set_servers(("192.168.1.1", "pool.ntp.org"))
    assert ntp.read(root).manual == ("192.168.1.1", "pool.ntp.org")
    machine.set_servers(())
    assert ntp.read(root).manual == ("time.example",)
    assert (
        systemd.said == [["systemctl", "--no-ask-password", "try-restart", "systemd-timesyncd"]] * 2
    )


def test_without_systemd_nothing_can_be_set(tmp_path: Path) -> None:
    machine = Timedated(Systemd(), tmp_path)
    assert {machine.why_not(what) for what in (ZONE, TIME, NTP, SERVERS)} == {timedated.NO_SYSTEMD}


def test_a_timedated_that_does_not_answer(root: Path) -> None:
    assert Timedated(Systemd(answers=False), root).why_not(ZONE) == (
        "systemd-timedated does not answer. The machine refused: no bus."
    )


def test_without_a_time_service_there_is_no_switch(root: Path) -> None:
    machine = Timedated(Systemd(can_ntp=False), root)
    assert machine.why_not(NTP) == (
        "No time service is installed: install systemd-timesyncd or chrony."
    )
    assert machine.why_not(TIME) == ""


def test_servers_of_chrony_are_chronys(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ntp, "client", lambda: "chronyd")
    assert Timedated(Systemd(), root).why_not(SERVERS) == (
        "The time servers are those of chronyd: change them in its own file."
    )


def test_what_the_machine_says_is_passed_on() -> None:
    with pytest.raises(DeviceError) as refused:
        timedated._run(["sh", "-c", "echo 'Access denied' >&2; exit 1"])
    assert refused.value.text == (
        "The machine refused: Access denied. Run the device as a user who may do this."
    )


def test_a_program_that_is_missing() -> None:
    with pytest.raises(DeviceError) as refused:
        timedated._run(["no-such-program-here"])
    assert refused.value.kind is Kind.UNAVAILABLE
