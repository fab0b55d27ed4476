"""Three people with the three roles, a self-test that finds nothing, and browsers of theirs."""

from collections.abc import Callable

import pytest
from django.test import Client

from nvrdevice import health
from nvrdevice.accounts import saving, users
from nvrdevice.accounts.models import User
from nvrdevice.audit.trail import Actor
from nvrdevice.health import Check, Level

BY = Actor("tests", "127.0.0.1", "cli")
PASSWORD = "a door in the hall"
PEOPLE = {"alice": "admin", "oscar": "operator", "vera": "viewer"}
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def a_well_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """The self-test would wait for a media process that no test has."""
    fine = Check(name="clock", level=Level.OK, text="The clock is kept right by NTP.")
    monkeypatch.setattr(health, "recent", lambda: [fine])


@pytest.fixture
def people(db: None) -> dict[str, str]:
    saving.make_groups()
    for username, role in PEOPLE.items():
        users.create(users.NewUser(username, PASSWORD, roles=(role,)), by=BY)
    return PEOPLE


@pytest.fixture
def browser(people: dict[str, str]) -> Browser:
    """browser("vera") is signed in as Vera, browser("") as nobody."""

    def make(username: str) -> Client:
        client = Client()
        if username:
            client.force_login(User.objects.get(username=username))
        return client

    return make


@pytest.fixture
def first_start(db: None) -> User:
    """A device as it stands after its first start."""
    saving.make_groups()
    users.add(
        [users.NewUser("admin", "admin123", roles=("admin",), must_change_password=True)],
        by=BY,
        bootstrap=True,
    )
    return User.objects.get(username="admin")
