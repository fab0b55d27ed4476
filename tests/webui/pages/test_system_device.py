"""The page of the device's identity."""

import pytest

from nvrdevice.discovery import scopes
from nvrdevice.system import identity
from tests.webui.conftest import Browser
from tests.webui.pages.settings_page import rows, save

PAGE = "/system/device/"


def test_name_and_place_are_announced(browser: Browser) -> None:
    text = save(
        browser("alice"), PAGE, "naming", device_name="Front door", device_location="hall/north"
    )
    assert "Name and place are saved." in text
    assert "onvif://www.onvif.org/name/Front%20door" in scopes.fixed()
    assert "onvif://www.onvif.org/location/hall/north" in scopes.fixed()
    assert rows() == [
        (
            "alice",
            "set name and location",
            {"device_name": "", "device_location": ""},
            {"device_name": "Front door", "device_location": "hall/north"},
        )
    ]


def test_maker_and_model_are_told(browser: Browser) -> None:
    save(browser("alice"), PAGE, "making", manufacturer="Acme", model="Eye")
    own = identity.read()
    assert (own.manufacturer, own.model) == ("Acme", "Eye")
    assert [row[:2] for row in rows()] == [("alice", "set identity")]


def test_the_page_shows_what_is_set(browser: Browser) -> None:
    client = browser("alice")
    save(client, PAGE, "making", manufacturer="Acme", model="Eye")
    text = client.get(PAGE).content.decode()
    assert 'value="Acme"' in text
    assert identity.read().serial_number in text


def test_an_empty_model_is_refused_beside_its_field(browser: Browser) -> None:
    text = save(browser("alice"), PAGE, "making", manufacturer="Acme", model="")
    assert 'id="id_model_error">Model: give text from 1 to 64 characters.<' in text
    assert 'value="Acme"' in text
    assert identity.read().manufacturer == "NVR Device"
    assert rows() == []


def test_saving_the_same_again_leaves_no_row(browser: Browser) -> None:
    save(browser("alice"), PAGE, "making", manufacturer="NVR Device", model="Network Camera")
    assert rows() == []


@pytest.mark.parametrize("who", ["oscar", "vera"])
@pytest.mark.parametrize("path", [PAGE, "/system/time/", "/system/network/", "/system/security/"])
def test_the_pages_of_the_system_are_for_administrators(
    browser: Browser, who: str, path: str
) -> None:
    client = browser(who)
    assert client.get(path).status_code == 403
    assert client.post(path).status_code == (405 if path == "/system/network/" else 403)
