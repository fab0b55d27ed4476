"""The slow-down lifted by hand: at every address at once, with one audit row."""

import pytest

from nvrdevice.accounts import gate, pardon, users
from nvrdevice.accounts.slow_down import SlowDown
from nvrdevice.accounts.users import NewUser
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.errors import DeviceError

BY = Actor("admin", "192.168.1.5", "web")


@pytest.fixture
def slow_down(monkeypatch: pytest.MonkeyPatch) -> SlowDown:
    made = SlowDown()
    monkeypatch.setattr(gate, "slow_down", made)
    return made


def test_a_user_is_tried_again_at_once(transactional_db: None, slow_down: SlowDown) -> None:
    users.create(NewUser("vera", "vera-secret", ("viewer",)), by=BY)
    for address in ("192.168.1.20", "192.168.1.21"):
        for _ in range(6):
            slow_down.failed("vera", address, 0.0)
    AuditRow.objects.all().drop()
    pardon.pardon("vera", by=BY)
    waits = [slow_down.wait_s("vera", f"192.168.1.{last}", 0.0) for last in (20, 21)]
    assert waits == [0.0, 0.0]
    (row,) = AuditRow.objects.all()
    assert (row.action, row.object, row.username) == ("lift slow-down", "vera", "admin")


def test_what_others_did_at_the_address_still_counts(slow_down: SlowDown) -> None:
    for number in range(19):
        slow_down.failed(f"user {number}", "192.168.1.20", 0.0)
    for _ in range(5):
        slow_down.failed("vera", "192.168.1.20", 0.0)
    slow_down.lift("vera")
    assert slow_down.wait_s("vera", "192.168.1.20", 0.0) == 0.0
    slow_down.failed("another", "192.168.1.20", 0.0)
    assert slow_down.wait_s("anybody", "192.168.1.20", 0.0) > 0.0


def test_nobody_of_that_name(db: None) -> None:
    with pytest.raises(DeviceError, match="There is no user 'nobody'"):
        pardon.pardon("nobody", by=BY)
