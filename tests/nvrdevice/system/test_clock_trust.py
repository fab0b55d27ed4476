"""When this machine's clock may be held against a client's."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nvrdevice.lib.clock import ManualClock
from nvrdevice.system.clock_trust import LOOK_S, ClockTrust


class Machine:
    """A board whose time client may or may not have reached a server."""

    def __init__(self, root: Path, *, client: str, synchronised: bool) -> None:
        self.client, self.synchronised, self.looked = client, synchronised, 0
        self.clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.trust = ClockTrust(
            root=root,
            synchronised=self._look,
            client=lambda: self.client,
            clock=self.clock,
        )

    def _look(self) -> bool:
        self.looked += 1
        return self.synchronised


@pytest.mark.parametrize(
    ("rtc", "client", "synchronised", "trusted"),
    [
        (False, "systemd-timesyn", False, False),
        (False, "systemd-timesyn", True, True),
        (False, "", False, True),
        (True, "systemd-timesyn", False, True),
    ],
)
def test_it_is_trusted(
    tmp_path: Path, *, rtc: bool, client: str, synchronised: bool, trusted: bool
) -> None:
    if rtc:
        (tmp_path / "sys/class/rtc/rtc0").mkdir(parents=True)
    assert Machine(tmp_path, client=client, synchronised=synchronised).trust() is trusted


def test_it_is_trusted_from_the_first_synchronisation_on(tmp_path: Path) -> None:
    machine = Machine(tmp_path, client="chronyd", synchronised=False)
    assert machine.trust() is False
    machine.synchronised = True
    machine.clock.advance(LOOK_S)
    assert machine.trust() is True
    machine.synchronised = False
    machine.clock.advance(LOOK_S)
    assert machine.trust() is True


def test_many_wrong_tokens_look_once_a_second(tmp_path: Path) -> None:
    machine = Machine(tmp_path, client="chronyd", synchronised=False)
    for _ in range(100):
        machine.trust()
    assert machine.looked == 1
