"""Each change, from every face there is, leaves exactly one row in the audit trail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from nvrdevice.accounts import access, gate, last_use
from nvrdevice.accounts.access import AccessClass
from nvrdevice.accounts.models import User
from nvrdevice.accounts.slow_down import SlowDown
from nvrdevice.audit.models import AuditRow
from nvrdevice.digital_io.board import Board
from nvrdevice.lib import asking
from nvrdevice.lib.question_frames import Reply
from nvrdevice.system import tls
from onvif_api.rest import throttles
from onvif_api.rest.throttles import Throttle
from onvif_api.soap import dispatch
from tests.onvif_api import soap_client
from tests.onvif_api.conftest import people
from tests.onvif_api.rest.rest_client import token
from tests.onvif_api.services import device_client, media2_client, media_client
from tests.onvif_api.services.device_client import users as user_elements
from tests.onvif_api.services.media2_client import part

__all__ = ["people"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "all_well")]
CHANGING = {
    AccessClass.WRITE_SYSTEM,
    AccessClass.WRITE_SYSTEM_SECRET,
    AccessClass.UNRECOVERABLE,
    AccessClass.ACTUATE,
}
# Asked of the event stream and the encoder; nothing is another afterwards.
CHANGE_NOTHING = {"trt:SetSynchronizationPoint", "tr2:SetSynchronizationPoint"}
Step = tuple[str, Callable[[], Any]]


@pytest.fixture
def all_well(config_dir: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The channels' owner is a real one; other processes do what they are told."""
    board = Board()
    handlers = board.handlers()

    def ask(_whom: Any, name: str, arguments: dict[str, Any], **_: Any) -> Reply:
        return handlers[name](arguments) if name in handlers else Reply({"state": True})

    settings.NVR_CONFIG_DIR = config_dir
    tls.ensure()
    monkeypatch.setattr(gate, "slow_down", SlowDown())
    monkeypatch.setattr(asking, "ask", ask)
    throttles.use(Throttle())
    last_use.forget()


@contextmanager
def one_row(protocol: str, what: str) -> Iterator[None]:
    AuditRow.objects.all().drop()
    yield
    found = list(AuditRow.objects.values_list("protocol", "result"))
    assert (what, found) == (what, [(protocol, "done")])


def walk(protocol: str, steps: list[Step]) -> None:
    for what, act in steps:
        with one_row(protocol, what):
            act()


def device(operation: str, inner: str) -> Step:
    return f"tds:{operation}", lambda: device_client.ask(operation, inner=inner)


def media(operation: str, **arguments: str) -> Step:
    return f"trt:{operation}", lambda: media_client.ask(operation, **arguments)


def media2(operation: str, *many: tuple[str, str], **arguments: str) -> Step:
    return (
        f"tr2:{operation}",
        lambda: media2_client.ask(operation, "admin", *many, **arguments),
    )


EVE = ("eve", "secret-of-eve", "User")
SCOPE = "onvif://www.onvif.org/name/Door"
CLOCK = (
    "<tds:DateTimeType>NTP</tds:DateTimeType><tds:DaylightSavings>false</tds:DaylightSavings>"
    "<tds:TimeZone><tt:TZ>CET-1CEST,M3.5.0,M10.5.0/3</tt:TZ></tds:TimeZone>"
)
SOAP: list[Step] = [
    device("CreateUsers", user_elements(EVE)),
    device("SetUser", user_elements(("eve", "secret-of-eve-2", "Operator"))),
    device("DeleteUsers", "<tds:Username>eve</tds:Username>"),
    device("SetScopes", f"<tds:Scopes>{SCOPE}</tds:Scopes>"),
    device("AddScopes", "<tds:ScopeItem>onvif://www.onvif.org/location/hall</tds:ScopeItem>"),
    device("RemoveScopes", "<tds:ScopeItem>onvif://www.onvif.org/location/hall</tds:ScopeItem>"),
    device("SetDiscoveryMode", "<tds:DiscoveryMode>NonDiscoverable</tds:DiscoveryMode>"),
    device("SetSystemDateAndTime", CLOCK),
    media("CreateProfile", Name="one", Token="one"),
    media("AddVideoSourceConfiguration", ProfileToken="one", ConfigurationToken="video1"),
    media("AddVideoEncoderConfiguration", ProfileToken="one", ConfigurationToken="main1"),
    media("StartMulticastStreaming", ProfileToken="profile1"),
    media("StopMulticastStreaming", ProfileToken="profile1"),
    media("RemoveVideoEncoderConfiguration", ProfileToken="one"),
    media("RemoveVideoSourceConfiguration", ProfileToken="one"),
    media2("AddConfiguration", part("VideoSource", "video1"), ProfileToken="one"),
    media2("RemoveConfiguration", part("VideoSource"), ProfileToken="one"),
    media2("StartMulticastStreaming", ProfileToken="profile1"),
    media2("StopMulticastStreaming", ProfileToken="profile1"),
    media2("DeleteProfile", Token="one"),
    media("CreateProfile", Name="two", Token="two"),
    media("DeleteProfile", ProfileToken="two"),
    media2("CreateProfile", Name="three"),
]


def test_onvif() -> None:
    walk("soap", SOAP)


def test_every_onvif_operation_that_changes_something_is_walked() -> None:
    there = {
        each.name
        for each in dispatch.operations().values()
        if access.access_class(each.access_name) in CHANGING
    }
    assert there - CHANGE_NOTHING == {name for name, _ in SOAP}


def rest(method: str, path: str, body: str = "") -> Step:
    header = token("admin", soap_client.PASSWORDS["admin"])

    def act() -> None:
        answer = Client().generic(
            method, path, body, "application/json", headers={"Authorization": header}
        )
        assert answer.status_code < 300, answer.content

    return f"{method} {path}", act


REST: list[Step] = [
    rest("POST", "/users/", '{"username": "eve", "password": "s3cret", "roles": ["viewer"]}'),
    rest("PUT", "/users/eve", '{"roles": ["operator"]}'),
    rest("DELETE", "/api/v1/users/eve/slow_down"),
    rest("DELETE", "/users/eve"),
    rest("POST", "/events/mode/motion"),
    rest("PUT", "/api/v1/events/switches", '{"events_enabled": false}'),
    rest("POST", "/events/digital/output/1", '{"state": true}'),
    rest("POST", "/recording/schedules", '{"name": "nights"}'),
    rest("POST", "/events/schedules", '{"name": "office"}'),
    rest("PUT", "/api/v1/schedules/nights", '{"windows": []}'),
    rest("DELETE", "/api/v1/schedules/nights"),
]


def test_rest() -> None:
    walk("rest", REST)


RULE = {
    "name": "Horn at night",
    "condition": "input input1",
    "during": "",
    "target": "output 2",
    "act": "pulse start",
    "enabled": "on",
}
ADMIN_ADDS = {
    "username": "ada",
    "password1": "s3cret-3",
    "password2": "s3cret-3",
    "roles": "viewer",
}
PAGES: list[tuple[str, dict[str, str]]] = [
    ("/account/", {"what": "theme", "theme": "dark"}),
    ("/system/users/add/", {"username": "eve", "password": "s3cret", "role": "viewer"}),
    ("/system/users/name/eve/", {"what": "rights", "role": "operator", "active": "on"}),
    ("/system/users/name/eve/", {"what": "password", "password": "s3cret-2"}),
    ("/system/users/name/eve/", {"what": "pardon"}),
    ("/system/users/name/eve/delete/", {}),
    ("/system/device/", {"what": "making", "manufacturer": "Acme", "model": "Eye"}),
    (
        "/system/device/",
        {"what": "naming", "device_name": "Front door", "device_location": "hall"},
    ),
    ("/system/time/", {"what": "zone", "zone": "Europe/Berlin"}),
    ("/system/time/", {"what": "servers", "servers": "pool.ntp.org"}),
    ("/system/certificates/", {"what": "renew"}),
    ("/system/certificates/", {"what": "undo"}),
    ("/system/certificates/", {"what": "mode", "https": "off"}),
    ("/system/security/", {"what": "passwords", "password_min_length": "8"}),
    ("/system/security/", {"what": "discovery", "discovery_mode": "NonDiscoverable"}),
    ("/system/security/", {"what": "proxies", "trusted_proxies": "192.0.2.2"}),
    (
        "/motion/",
        {
            "what": "motion",
            "enabled": "on",
            "sensitivity": "70",
            "hold_s": "1.5",
            "warm_up_s": "4",
        },
    ),
    ("/schedules/", {"what": "create", "name": "office", "preset": "work-hours"}),
    ("/schedules/office/", {"what": "rename", "rename-name": "work"}),
    ("/schedules/work/", {"what": "copy", "copy-name": "work two"}),
    ("/schedules/work/", {"what": "delete"}),
    ("/io/", {"channel": "output1", "what": "on"}),
    (
        "/io/",
        {
            "channel": "input1",
            "what": "settings",
            "input1-name": "Door",
            "input1-normal_state": "closed",
            "input1-debounce_ms": "20",
            "input1-pin": "",
        },
    ),
    ("/rules/", RULE),
    ("/rules/Horn at night/", RULE | {"what": "save", "enabled": ""}),
    ("/rules/Horn at night/", {"what": "try"}),
    ("/rules/Horn at night/", {"what": "delete"}),
    ("/video/sources/add/", {"what": "anyway", "uri": "rtsp://cam/live", "name": "Yard"}),
    ("/video/sources/source1/", {"what": "name", "name": "Gate"}),
    ("/video/sources/source2/remove/", {}),
    ("/admin/nvrdevice/user/add/", ADMIN_ADDS),
]


def test_the_pages_and_django_admin() -> None:
    client = Client()
    client.force_login(User.objects.get(username="admin"))

    def press(path: str, form: dict[str, str]) -> Callable[[], None]:
        def act() -> None:
            answer = client.post(path, form)
            assert answer.status_code == 302, answer.content.decode()

        return act

    walk("web", [(f"{path} {form}", press(path, form)) for path, form in PAGES])


def test_the_command_line() -> None:
    def command(*words: str) -> Step:
        return " ".join(words), lambda: call_command(*words)

    walk(
        "cli",
        [
            command("users", "create", "eve", "s3cret", "--roles", "viewer"),
            command("users", "update", "eve", "--roles", "operator"),
            command("users", "update", "eve", "--password", "s3cret-2"),
            command("users", "delete", "eve"),
        ],
    )
