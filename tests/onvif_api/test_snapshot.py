"""The snapshot address, with a media process of the test's own."""

import asyncio
from typing import Any

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import requests
from onvif_api.soap.app import SoapApp
from tests.onvif_api.soap.http_digest import authorization
from tests.onvif_api.soap_client import PASSWORDS, Answer, run_here, send

PATH = "/onvif/snapshot/profile1"
JPEG = b"\xff\xd8 a picture \xff\xd9"


@pytest.fixture(autouse=True)
def media(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask_async(name: str, **arguments: Any) -> requests.Reply:
        if (name, arguments) == ("snapshot", {"profile": "profile1"}):
            return requests.Reply({}, JPEG)
        if arguments["profile"] == "dark":
            raise DeviceError(Kind.UNAVAILABLE, "There is no picture just now.")
        raise DeviceError(Kind.MISSING, "There is no such profile.")

    monkeypatch.setattr(requests, "ask_async", ask_async)


def get(path: str = PATH, *, method: str = "GET", as_: str | None = None) -> Answer:
    app = SoapApp(runner=run_here)
    headers = {}
    if as_:
        asked = asyncio.run(send(app, b"", path, method=method, content_type=None))
        headers["authorization"] = authorization(
            asked.header("WWW-Authenticate")[0], as_, PASSWORDS[as_], method=method, uri=path
        )
    return asyncio.run(send(app, b"", path, method=method, content_type=None, headers=headers))


@pytest.mark.parametrize("who", ["viewer", "operator", "admin"])
def test_everybody_with_an_account_gets_the_picture(who: str) -> None:
    answer = get(as_=who)
    found = (answer.status, answer.header("Content-Type"), answer.header("Cache-Control"))
    assert (*found, answer.raw) == (200, ["image/jpeg"], ["no-store"], JPEG)


def test_without_credentials_both_challenges() -> None:
    answer = get()
    assert (answer.status, len(answer.header("WWW-Authenticate"))) == (401, 2)


def test_a_profile_that_is_not_there() -> None:
    assert get("/onvif/snapshot/profile9", as_="viewer").status == 404


def test_a_name_longer_than_any_profile() -> None:
    assert get("/onvif/snapshot/" + "x" * 65, as_="viewer").status == 404


def test_no_picture_just_now_says_when_to_come_back() -> None:
    answer = get("/onvif/snapshot/dark", as_="viewer")
    assert (answer.status, answer.header("Retry-After")) == (503, ["2"])


def test_only_reading_is_offered() -> None:
    answer = get(method="POST")
    assert (answer.status, answer.header("Allow")) == (405, ["GET, HEAD"])
