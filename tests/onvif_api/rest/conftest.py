"""Three people with the three roles, and a client that speaks JSON as one of them."""

from typing import Any

import pytest

from nvrdevice.accounts import saving, users
from nvrdevice.accounts.slow_down import SlowDown
from nvrdevice.audit.trail import Actor
from nvrdevice.lib import asking
from nvrdevice.lib.question_frames import Reply
from nvrdevice.ptz.control import HEADS
from onvif_api.rest import throttles
from onvif_api.rest.throttles import Throttle
from tests.onvif_api.rest.rest_client import PASSWORDS, Rest

HEAD = {
    "backend": "digital",
    "can": ["absolute", "continuous", "relative", "set_home"],
    "most_presets": 24,
    "position": {"pan": 0.25, "tilt": -0.5, "zoom": 0.75},
    "moving": False,
}
BY = Actor("tests", "127.0.0.1", "cli")


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test inherits what another used up."""
    monkeypatch.setattr("nvrdevice.accounts.gate.slow_down", SlowDown())
    throttles.use(Throttle())


@pytest.fixture
def people(db: None) -> None:
    saving.make_groups()
    made = [users.NewUser(role, password, (role,)) for role, password in PASSWORDS.items()]
    users.create_many(made, by=BY)


@pytest.fixture
def first_start(db: None) -> None:
    """A device as it stands after its first start."""
    saving.make_groups()
    users.add(
        [users.NewUser("admin", "admin123", roles=("admin",), must_change_password=True)],
        by=BY,
        bootstrap=True,
    )


@pytest.fixture
def rest(people: None) -> Rest:
    return Rest()


@pytest.fixture
def device_process(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stands for the device process: every channel takes the state it is given. What was asked."""
    asked: list[dict[str, Any]] = []

    def ask(whom: Any, name: str, arguments: dict[str, Any], **_: Any) -> Reply:
        asked.append(arguments)
        if whom is HEADS:
            return Reply(HEAD | {"source": arguments["source"]})
        return Reply({"state": arguments["state"]} if name == "set" else {})

    monkeypatch.setattr(asking, "ask", ask)
    return asked
