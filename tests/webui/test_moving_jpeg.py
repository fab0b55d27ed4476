"""The moving JPEG: a few pictures a second over one request, for who is signed in."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.test import Client

from nvrdevice.accounts import users
from nvrdevice.asgi import application
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.media import requests
from tests.webui.conftest import BY, Browser
from tests.webui.sockets import in_database
from webui import live_sockets, moving_jpeg

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


class Viewer:
    def __init__(self, client: Client, path: str = "/mjpeg/profile1/", method: str = "GET") -> None:
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        headers = [(b"cookie", b"a=b; broken")]
        if cookie is not None:
            headers.append((b"cookie", f"{cookie.key}={cookie.value}".encode()))
        scope = {"type": "http", "method": method, "path": path, "headers": headers}
        self._line = ApplicationCommunicator(application, scope)

    async def start(self) -> tuple[int, dict[bytes, bytes]]:
        await self._line.send_input({"type": "http.request", "body": b""})
        message = await self._line.receive_output(timeout=5)
        return message["status"], dict(message["headers"])

    async def part(self) -> Any:
        return await self._line.receive_output(timeout=5)

    async def refusal(self) -> tuple[int, str]:
        status, _ = await self.start()
        return status, json.loads((await self.part())["body"])["detail"]

    async def ends(self) -> bool:
        while (await self.part()).get("more_body"):
            pass
        return True

    async def leave(self) -> None:
        await self._line.send_input({"type": "http.disconnect"})
        await self._line.wait(timeout=5)


class Camera:
    def __init__(self) -> None:
        self.pictures = 0
        self.works = True

    async def ask(self, name: str, *, profile: str) -> Reply:
        if profile != "profile1":
            raise DeviceError(Kind.MISSING, f"There is no profile {profile!r}.")
        if not self.works:
            raise DeviceError(Kind.UNAVAILABLE, "The camera is away.")
        self.pictures += 1
        return Reply(body=f"{name} {self.pictures}".encode())


@pytest.fixture(autouse=True)
def camera(monkeypatch: pytest.MonkeyPatch) -> Iterator[Camera]:
    made = Camera()
    monkeypatch.setattr(requests, "ask_async", made.ask)
    monkeypatch.setattr(moving_jpeg, "STEP_S", 0.01)
    monkeypatch.setattr(live_sockets, "LOOK_S", 0.05)
    yield made


async def test_pictures_come_one_after_the_other(browser: Browser) -> None:
    viewer = Viewer(await in_database(browser)("vera"))
    status, headers = await viewer.start()
    assert (status, headers[b"content-type"], headers[b"cache-control"]) == (
        200, b"multipart/x-mixed-replace; boundary=picture", b"no-store",
    )  # fmt: skip
    assert (await viewer.part())["body"] == b"--picture\r\n"
    head = b"Content-Type: image/jpeg\r\nContent-Length: 10\r\n\r\n"
    for number in (b"1", b"2", b"3"):
        body = (await viewer.part())["body"]
        assert body == head + b"snapshot " + number + b"\r\n--picture\r\n"
    await viewer.leave()


async def test_strangers_get_none(browser: Browser) -> None:
    assert await Viewer(await in_database(browser)("")).refusal() == (403, "Sign in first.")


async def test_only_get_is_known(browser: Browser) -> None:
    client = await in_database(browser)("vera")
    assert (await Viewer(client, method="POST").refusal())[0] == 405


@pytest.mark.parametrize("path", ["/mjpeg/profile9/", "/mjpeg/", "/mjpeg/a/b/"])
async def test_a_profile_that_is_none(browser: Browser, path: str) -> None:
    assert (await Viewer(await in_database(browser)("vera"), path).refusal())[0] == 404


async def test_a_lost_camera_is_told_in_words(browser: Browser, camera: Camera) -> None:
    camera.works = False
    viewer = Viewer(await in_database(browser)("vera"))
    assert await viewer.refusal() == (503, "The camera is away.")


async def test_a_camera_that_stays_away_ends_it(
    browser: Browser, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = Viewer(await in_database(browser)("vera"))
    await viewer.start()
    camera.works = False
    monkeypatch.setattr(moving_jpeg, "PATIENCE_S", 0.05)
    assert await viewer.ends()


async def test_signing_out_ends_it(browser: Browser) -> None:
    client = await in_database(browser)("vera")
    viewer = Viewer(client)
    await viewer.start()
    await in_database(client.post)("/logout/")
    assert await viewer.ends()


async def test_removing_the_user_ends_it(browser: Browser) -> None:
    viewer = Viewer(await in_database(browser)("vera"))
    await viewer.start()
    await in_database(lambda: users.delete("vera", by=BY))()
    assert await viewer.ends()


async def test_losing_a_role_ends_it(browser: Browser) -> None:
    viewer = Viewer(await in_database(browser)("oscar"))
    await viewer.start()
    await in_database(lambda: users.update(users.Change("oscar", roles=("viewer",)), by=BY))()
    assert await viewer.ends()


async def test_who_leaves_gives_the_seat_back(
    browser: Browser, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving_jpeg, "VIEWERS", 1)
    client = await in_database(browser)("vera")
    first = Viewer(client)
    assert (await first.start())[0] == 200
    assert (await Viewer(client).refusal())[0] == 503
    await first.leave()
    taken = camera.pictures
    await asyncio.sleep(0.05)
    assert camera.pictures == taken
    assert (await Viewer(client).start())[0] == 200
