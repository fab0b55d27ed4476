"""Add to your NVR: what is typed there, steps for each, and a checklist with its cures."""

import ipaddress
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from nvrdevice import clients
from nvrdevice.accounts import users
from nvrdevice.accounts.refusals import Reason
from nvrdevice.clients import Book
from nvrdevice.system import interfaces
from nvrdevice.system.address_table import Address
from nvrdevice.system.interfaces import Interface
from tests.webui.conftest import BY, PASSWORD, Browser
from webui.connect_parts import NVRS

NVR, OTHER = "192.168.1.20", "192.168.1.66"
HOST = "192.168.1.9:8000"


@pytest.fixture(autouse=True)
def known() -> Iterator[Book]:
    made = Book(None)
    clients.use(made)
    yield made
    clients.use(Book(None))


def call(operation: str, address: str = NVR) -> None:
    clients.note_call(operation, address=address, agent="Zeep/4.3.2", username="vera")


def refuse(reason: Reason, username: str = "vera", address: str = NVR) -> None:
    told = {"username": username, "address": address, "protocol": "soap", "note": reason.value}
    clients.note_refusal(reason.name, **told)


def shown(client: Client, query: str = "") -> str:
    text = client.get(f"/connect/{query}", headers={"host": HOST}).content.decode()
    return re.sub(r"\s+", " ", text)


def checklist(client: Client, query: str = "") -> str:
    return str(client.get(f"/connect/parts/{query}").json()["checklist"])


def copied(text: str) -> list[str]:
    found = re.findall(r"<code data-copy-text>(.*?)</code>", text)
    return [each.replace("<wbr>", "") for each in found]


def test_who_may_see_it(browser: Browser) -> None:
    paths = ("/connect/", "/connect/parts/", "/connect/qr.svg")
    found = {
        name: tuple(browser(name).get(path).status_code for path in paths)
        for name in ("", "vera", "oscar", "alice")
    }
    assert found == {
        "": (302, 403, 302),
        "vera": (403, 403, 403),
        "oscar": (200, 200, 200),
        "alice": (200, 200, 200),
    }


def test_the_address_is_the_one_the_visitor_uses(browser: Browser) -> None:
    values = copied(shown(browser("alice")))
    assert values[:5] == [
        "192.168.1.9",
        "8000",
        "8554",
        "/onvif/device_service",
        "http://192.168.1.9:8000/onvif/device_service",
    ]


@pytest.mark.parametrize(
    ("host", "told"),
    [("localhost:8000", True), ("127.0.0.1:8000", True), ("[::1]:8000", True), (HOST, False)],
)
def test_on_the_device_itself_it_names_the_address_for_the_nvr(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, host: str, told: bool
) -> None:
    address = Address(2, ipaddress.ip_address("192.168.1.9"), prefix=24, given=False)
    card = Interface(name="eth0", index=2, ipv4=(address,))
    monkeypatch.setattr(interfaces, "usable", lambda *_: (card,))
    text = browser("oscar").get("/connect/", headers={"host": host}).content.decode()
    assert ("An NVR reaches it by another address: 192.168.1.9" in text) is told


def test_an_administrator_sees_all_accounts_that_an_nvr_may_use(browser: Browser) -> None:
    users.update(users.Change("oscar", onvif_access=False), by=BY)
    text = shown(browser("alice"))
    assert [name for name in copied(text) if name in ("alice", "oscar", "vera")] == [
        "alice",
        "vera",
    ]
    assert 'href="/system/users/add/?for=nvr"' in text
    assert PASSWORD not in text


def test_an_operator_sees_the_own_account_only(browser: Browser) -> None:
    text = shown(browser("oscar"))
    assert [name for name in copied(text) if name in ("alice", "oscar", "vera")] == ["oscar"]
    assert 'href="/system/users/add/' not in text


@pytest.mark.parametrize(("slug", "words"), NVRS)
def test_the_steps_of_each_nvr_have_an_address_of_their_own(
    browser: Browser, slug: str, words: str
) -> None:
    text = shown(browser("oscar"), f"?nvr={slug}")
    assert f'<a href="?nvr={slug}#steps" aria-current="page">{words}</a>' in text
    steps = text[text.index('<ol class="numbered">') : text.index("</ol>", text.index("numbered"))]
    assert 4 <= steps.count("<li>") <= 6
    assert HOST.partition(":")[0] in text


def test_the_encrypted_address_is_there_while_it_is_served(browser: Browser, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as served:
        settings.RTSPS_PORT = served.getsockname()[1]
        address = f"rtsps://192.168.1.9:{settings.RTSPS_PORT}/profile1"
        assert address in copied(shown(browser("oscar"), "?nvr=rtsp"))
    assert address not in copied(shown(browser("oscar"), "?nvr=rtsp"))


def test_by_rtsp_there_are_all_addresses_and_a_line_to_try(browser: Browser) -> None:
    values = copied(shown(browser("oscar"), "?nvr=rtsp"))
    assert values[-5:] == [
        "rtsp://192.168.1.9:8554/profile1",
        "rtsp://192.168.1.9:8554/profile2",
        "rtsp://192.168.1.9:8554/jpeg1",
        "http://192.168.1.9:8000/onvif/snapshot/profile1",
        "ffprobe -rtsp_transport tcp rtsp://USER:PASSWORD@192.168.1.9:8554/profile1",
    ]


def test_the_qr_code_is_a_picture_of_the_address_alone(browser: Browser) -> None:
    answer = browser("oscar").get("/connect/qr.svg", headers={"host": HOST})
    assert answer["Content-Type"] == "image/svg+xml"
    text = answer.content.decode()
    assert text.startswith("<svg")
    assert "oscar" not in text
    assert "style" not in text


def test_before_anybody_came(browser: Browser) -> None:
    assert "No NVR was here yet." in shown(browser("oscar"))


def test_the_checklist_follows_who_came_last(browser: Browser) -> None:
    call("trt:GetProfiles")
    call("tds:GetNetworkInterfaces")
    text = checklist(browser("oscar"))
    assert f"Following {NVR}, Home Assistant (likely)." in text
    done = re.findall(r'class="check (\w+)" data-step="([\w-]+)"', text)
    assert done == [
        ("ok", "found"),
        ("ok", "time"),
        ("ok", "sign-in"),
        ("ok", "profiles"),
        ("danger", "rtsp"),  # nobody listens in this test
        ("off", "events"),
    ]


def test_another_client_is_chosen_by_its_address(browser: Browser) -> None:
    call("trt:GetProfiles", OTHER)
    call("trt:GetProfiles")
    client = browser("oscar")
    assert f'href="?nvr=frigate&amp;client={OTHER}#checklist-title"' in shown(
        client, "?nvr=frigate"
    )
    assert f"Following {OTHER}" in checklist(client, f"?client={OTHER}")


@pytest.mark.parametrize(
    ("reason", "username", "link"),
    [
        (Reason.WRONG_PASSWORD, "vera", "/system/users/name/vera/"),
        (Reason.NO_ONVIF_ACCESS, "vera", "/system/users/name/vera/"),
        (Reason.UNKNOWN_USER, "the nvr", "/system/users/add/?username=the%20nvr"),
        (Reason.CLOCK_OFF, "vera", "/system/time/"),
        (Reason.PLAIN_TEXT, "vera", "/system/security/"),
        (Reason.REPLAY, "vera", "/diagnostics/"),
    ],
)
def test_each_refusal_leads_an_administrator_to_its_cure(
    browser: Browser, reason: Reason, username: str, link: str
) -> None:
    refuse(reason, username)
    assert f'<a class="button small" href="{link}">' in checklist(browser("alice"))


def test_a_name_that_nobody_has_is_not_for_operators(browser: Browser) -> None:
    refuse(Reason.UNKNOWN_USER, "my secret")
    assert "my secret" in checklist(browser("alice"))
    text = checklist(browser("oscar"))
    assert "There is no user of this name." in text
    assert "my secret" not in text
