"""The audit trail on a page: filtered by its address, in pages, and as a file."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.test import AsyncClient, Client

from nvrdevice.accounts.models import User
from nvrdevice.audit import reading, trail
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock
from tests.webui.conftest import Browser
from webui.audit_words import DASH
from webui.pages import system_audit

BASE = "/system/audit/"
AT = ManualClock(datetime(2026, 5, 4, 12, tzinfo=UTC))


def write(action: str, named: str = "", protocol: str = "soap", **more: object) -> None:
    by = Actor("otto", "192.168.1.7", protocol)
    trail.record(by, action, named, clock=AT, **more)  # type: ignore[arg-type]


@pytest.fixture
def admin(browser: Browser) -> Client:
    """Signed in; the trail is empty."""
    AuditRow.objects.all().drop()
    return browser("alice")


def words(client: Client, query: str = "") -> str:
    text = re.sub(r"<[^>]+>", " ", client.get(BASE + query).content.decode())
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("path", [BASE, BASE + "rows.csv"])
def test_it_is_for_administrators(browser: Browser, path: str) -> None:
    answers = [browser(name).get(path).status_code for name in ("", "vera", "oscar", "alice")]
    assert answers == [302, 403, 403, 200]


def test_an_empty_trail_says_what_it_is_for(admin: Client) -> None:
    assert "Nothing was changed yet." in words(admin)


def test_a_row_says_who_did_what_and_what_became_another(admin: Client) -> None:
    write(
        "change users", "vera", before={"vera": {"active": True}}, after={"vera": {"active": False}}
    )
    text = words(admin)
    assert (
        "2026-05-04 12:00:00 UTC otto 192.168.1.7 ONVIF change users vera "
        "active: yes → no done" in text
    )


def test_the_filter_is_the_address(admin: Client) -> None:
    write("set hostname", "network")
    write("change users", "vera", "web")
    page = admin.get(BASE + "?protocol=web&text=vera&first=2026-05-04&last=2026-05-04")
    text = page.content.decode()
    assert "1 change<" in text
    assert 'value="vera"' in text
    assert 'value="2026-05-04"' in text
    assert '<option value="web" selected>Pages</option>' in text
    assert "rows.csv?protocol=web&amp;text=vera" in text


def test_a_day_that_is_none_is_said_and_the_rest_still_filters(admin: Client) -> None:
    write("set hostname", "network")
    write("change users", "vera", "web")
    text = words(admin, "?first=yesterday&protocol=web")
    assert "Give a day as 2026-12-31." in text
    assert "1 change " in text


def test_pages_keep_the_filter(admin: Client) -> None:
    for number in range(system_audit.ROWS + 1):
        write("act", f"thing {number}")
    first = admin.get(BASE + "?protocol=soap").content.decode()
    assert 'href="?protocol=soap&amp;page=2"' in first
    assert "thing 0<" not in first
    second = words(admin, "?protocol=soap&page=2")
    assert "thing 0 " in second
    assert "Page 2 of 2" in second


def test_what_was_typed_never_becomes_markup(admin: Client) -> None:
    write("<script>alert(1)</script>", before="<b>", after="<i>")
    assert "<script>alert" not in admin.get(BASE).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_a_file_holds_the_rows_of_the_filter(browser: Browser) -> None:
    from asgiref.sync import sync_to_async

    def prepare() -> User:
        AuditRow.objects.all().drop()
        write("set hostname", "=1+1", after={"name": "Tür"})
        write("change users", "vera", "web")
        return User.objects.get(username="alice")

    client = AsyncClient()
    await client.aforce_login(await sync_to_async(prepare)())
    answer = await client.get(BASE + "rows.csv?protocol=soap")
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    text = b"".join([part async for part in answer.streaming_content]).decode()
    assert list(csv.reader(io.StringIO(text))) == [
        list(reading.COLUMNS),
        [
            *("2026-05-04 12:00:00", "otto", "192.168.1.7", "soap", "set hostname", "'=1+1"),
            *("", '{"name":"Tür"}', "done"),
        ],
    ]


def test_a_schedule_is_told_in_words(admin: Client) -> None:
    window = {"start": "08:00", "end": "17:00", "days": ["mon", "tue", "wed"]}
    write("change schedule", "office", before={"windows": []}, after={"windows": [window]})
    assert f"windows: none → Mon{DASH}Wed 08:00{DASH}17:00" in words(admin)
