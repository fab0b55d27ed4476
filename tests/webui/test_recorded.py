"""/recorded/ without a browser: who may read, and what is answered."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.nvrdevice.recordings.shelf_of_files import add
from webui.recorded import application

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Any) -> None:
    settings.NVR_DATA_DIR = tmp_path / "var"


def ask(
    path: str, client: Client | None, *, query: str = "", headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    found = client.cookies.get(django_settings.SESSION_COOKIE_NAME) if client else None
    given = dict(headers or {})
    if found is not None:
        given["cookie"] = f"{django_settings.SESSION_COOKIE_NAME}={found.value}"
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, str]:
        await asyncio.Event().wait()
        return {}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(each.get("body", b"") for each in sent[1:])


def test_a_viewer_plays_a_piece(browser: Callable[[str], Client]) -> None:
    one = add(NOON, sequence=1)
    start = round(NOON.timestamp() * 1000)
    status, headers, body = ask(
        f"/recorded/piece/{one.pk}", browser("vera"), query=f"from={start}&seconds=8"
    )
    about = json.loads(headers["x-piece"])
    assert (status, about["start"], about["end"]) == (200, start, start + 2000)
    assert len(body) == int(headers["content-length"])


def test_a_player_without_script_asks_for_ranges(browser: Callable[[str], Client]) -> None:
    one = add(NOON, sequence=1)
    vera = browser("vera")
    status, _, whole = ask(f"/recorded/segment/{one.pk}.mp4", vera)
    assert (status, len(whole)) == (200, one.size)
    status, headers, part = ask(
        f"/recorded/segment/{one.pk}.mp4", vera, headers={"range": "bytes=10-29"}
    )
    assert (status, headers["content-range"]) == (206, f"bytes 10-29/{one.size}")
    assert part == whole[10:30]


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [
        ("/recorded/piece/1", "", 403),
        ("/recorded/piece/999", "vera", 404),
        ("/recorded/segment/999.mp4", "vera", 404),
        ("/recorded/export/" + "0" * 32 + ".mp4", "vera", 403),
        ("/recorded/export/" + "0" * 32 + ".mp4", "oscar", 404),
        ("/recorded/../secret", "vera", 404),
        ("/recorded/piece/" + "9" * 30, "vera", 404),
    ],
)
def test_who_may_not_or_what_is_not(
    browser: Callable[[str], Client], path: str, who: str, status: int
) -> None:
    assert ask(path, browser(who) if who else None)[0] == status


def test_a_query_that_is_no_number_is_refused(browser: Callable[[str], Client]) -> None:
    one = add(NOON, sequence=1)
    assert ask(f"/recorded/piece/{one.pk}", browser("vera"), query="from=x")[0] == 400
    assert ask(f"/recorded/piece/{one.pk}", browser("vera"), query="seconds=nan")[0] == 200
