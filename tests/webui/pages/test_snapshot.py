"""The picture for the pages."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from nvrdevice.accounts.models import User
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.media import requests
from tests.webui.conftest import Browser


def get(username: str, path: str = "/snapshot/profile1.jpg") -> Any:
    client = AsyncClient()
    if username:
        client.force_login(User.objects.get(username=username))
    return async_to_sync(client.get)(path)


@pytest.fixture(autouse=True)
def media(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(name: str, *, profile: str) -> Reply:
        if profile == "profile9":
            raise DeviceError(Kind.MISSING, "There is no profile 'profile9'.")
        if profile == "profile3":
            raise DeviceError(Kind.UNAVAILABLE, "The camera is away.")
        return Reply(body=f"{name} of {profile}".encode())

    monkeypatch.setattr(requests, "ask_async", ask)


def test_it_is_a_fresh_jpeg(browser: Browser) -> None:
    answer = get("vera")
    assert (answer.status_code, answer.content) == (200, b"snapshot of profile1")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "no-store")


def test_strangers_get_none(browser: Browser) -> None:
    answer = get("")
    assert (answer.status_code, answer.json()) == (403, {"detail": "Sign in first."})


def test_a_lost_camera_is_told_in_words(browser: Browser) -> None:
    answer = get("vera", "/snapshot/profile3.jpg")
    assert (answer.status_code, answer.json()) == (503, {"detail": "The camera is away."})


def test_a_profile_that_is_none(browser: Browser) -> None:
    assert get("vera", "/snapshot/profile9.jpg").status_code == 404
