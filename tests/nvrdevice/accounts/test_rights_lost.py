"""Who loses rights loses the pull points that were made with them; nobody else does."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from nvrdevice.accounts import book, users
from nvrdevice.accounts.users import Change
from nvrdevice.events import pull_points
from nvrdevice.events.filters import EVERYTHING
from nvrdevice.events.pull_points import Who
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.errors import DeviceError
from tests.nvrdevice.accounts.conftest import BY


@pytest.fixture
def subscribed(people: None) -> Callable[[], list[str]]:
    """Otto and Vera each have a pull point; whose are there now?"""
    owners = {}
    for name in ("otto", "vera"):
        account = book.find(name)
        assert account is not None
        who = Who(account.user_id, name, int(account.level))
        row, _ = pull_points.create(EVERYTHING, who, timedelta(minutes=10), SYSTEM_CLOCK)
        owners[row.token] = name
    return lambda: sorted(owners[token] for token in pull_points.tokens())


@pytest.mark.parametrize(
    "change",
    [
        Change("otto", roles=("viewer",)),
        Change("otto", active=False),
        Change("otto", onvif_access=False),
    ],
)
def test_less_rights(subscribed: Callable[[], list[str]], change: Change) -> None:
    users.update(change, by=BY)
    assert subscribed() == ["vera"]


def test_removed(subscribed: Callable[[], list[str]]) -> None:
    users.delete("otto", by=BY)
    assert subscribed() == ["vera"]


@pytest.mark.parametrize(
    "change",
    [
        Change("otto", roles=("admin",)),
        Change("otto", password="another-secret"),
        Change("otto", must_change_password=True),
    ],
)
def test_as_many_rights_or_more(subscribed: Callable[[], list[str]], change: Change) -> None:
    users.update(change, by=BY)
    assert subscribed() == ["otto", "vera"]


def test_a_change_that_is_refused(subscribed: Callable[[], list[str]]) -> None:
    with pytest.raises(DeviceError):
        users.delete_many(["otto", "admin"], by=BY)
    assert subscribed() == ["otto", "vera"]
