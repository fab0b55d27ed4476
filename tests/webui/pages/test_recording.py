"""/recording/ and /playback/ as server-rendered pages: they work without scripts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from nvrdevice.audit.models import AuditRow
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.recordings import exporting, settings, shelf, triggers
from nvrdevice.recordings.models import Export, ProtectedClip, Recording, Segment
from nvrdevice.system import time_zone
from tests.nvrdevice.recordings.shelf_of_files import add
from tests.webui.conftest import BY

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.NVR_DATA_DIR = tmp_path / "var"
    monkeypatch.setattr(exporting, "work", lambda: None)


def test_an_operator_sets_how_a_camera_is_recorded(browser: Browser) -> None:
    form = {"what": "camera", "mode": "continuous", "profile": "sub", "schedule": ""}
    form |= {"inputs": ["input1", "input3"], "pre_s": "3", "post_s": "20"}
    answer = browser("oscar").post("/recording/", form)
    assert answer.status_code == 302
    assert settings.camera("source1").inputs == ("input1", "input3")
    now = settings.camera("source1")
    assert (now.mode, now.profile, now.pre_s, now.post_s) == ("continuous", "sub", 3.0, 20.0)
    assert AuditRow.objects.filter(action="set recording").count() == 1


def test_a_schedule_must_be_named(browser: Browser) -> None:
    form = {"what": "camera", "mode": "schedule", "profile": "main", "schedule": ""}
    form |= {"inputs": "", "pre_s": "3", "post_s": "20"}
    answer = browser("oscar").post("/recording/", form)
    assert "name the schedule to record by" in answer.content.decode()
    assert settings.camera("source1").mode == "motion"


def test_recording_by_hand_begins_and_ends(browser: Browser) -> None:
    oscar = browser("oscar")
    oscar.post("/recording/", {"do": "record"})
    assert [one.token for one in triggers.active()] == ["by hand"]
    assert "Stop recording" in oscar.get("/recording/").content.decode()
    oscar.post("/recording/", {"do": "stop"})
    assert triggers.active() == ()


def test_writing_is_tried(browser: Browser) -> None:
    answer = browser("oscar").post("/recording/", {"do": "try"}, follow=True)
    assert "The disk can be written" in answer.content.decode()


def test_a_viewer_may_not_set_anything(browser: Browser) -> None:
    assert browser("vera").post("/recording/", {"do": "record"}).status_code == 403
    assert browser("vera").post("/playback/export/", {"source": "source1"}).status_code == 403


def test_trouble_with_the_disk_stands_over_every_page(browser: Browser) -> None:
    shelf.tell_storage("full", "No space left on device", at=SYSTEM_CLOCK.now())
    for path in ("/account/", "/playback/"):
        assert (
            "Nothing can be recorded: No space left" in browser("vera").get(path).content.decode()
        )


def test_a_day_is_a_table_and_a_calendar(browser: Browser) -> None:
    add(NOON, sequence=1)
    page = browser("vera").get("/playback/?source=source1&day=2026-01-01").content.decode()
    assert "Thursday, 1 January 2026" in page
    assert ", recorded" in page
    assert 'data-label="Length">2 s' in page
    drawn = browser("vera").get("/playback/day.json?source=source1&day=2026-01-01").json()
    start = round(NOON.timestamp() * 1000)
    assert drawn["spans"] == [[start, start + 2000]]
    assert drawn["end"] - drawn["start"] == 24 * 3600 * 1000


def test_an_event_leads_to_its_moment(browser: Browser) -> None:
    add(NOON, sequence=1)
    page = browser("vera").get("/playback/?source=source1&t=2026-01-01T12:00:01.000Z")
    assert page.context["day"].isoformat() == "2026-01-01"
    assert page.context["t_ms"] == round(NOON.timestamp() * 1000) + 1000
    assert page.context["still"] is not None


@pytest.mark.parametrize(
    "query",
    [
        "day=x",
        "t=9999-12-31T23:59:59Z",
        "t=0001-01-01T00:00:00Z",
        "t=99999999999999",
        "day=9999-12-31",
        "t=25:61:00",
        "page=99",
        "page=²",
    ],
)
def test_nonsense_in_the_address_is_no_fault(browser: Browser, query: str) -> None:
    assert browser("vera").get(f"/playback/?{query}").status_code == 200


def test_an_unknown_camera_is_not_found(browser: Browser) -> None:
    assert browser("vera").get("/playback/?source=nowhere").status_code == 404


def test_a_span_is_asked_for_and_shown(browser: Browser) -> None:
    add(NOON, sequence=1)
    oscar = browser("oscar")
    form = {"source": "source1", "from": "2026-01-01T12:00:00", "to": "2026-01-01T12:00:02"}
    answer = oscar.post("/playback/export/", form)
    one = Export.objects.get()
    assert answer.headers["Location"] == f"/playback/export/{one.token}/"
    exporting.make(one)
    page = oscar.get(answer.headers["Location"]).content.decode()
    assert one.sha256 in page
    assert f"/recorded/export/{one.token}.mp4" in page
    assert oscar.get(f"/playback/export/{one.token}/state.json").json()["state"] == "done"


SPAN = {"source": "source1", "from": "2026-01-01T12:00:00", "to": "2026-01-01T12:00:05"}


def test_a_refused_download_keeps_the_day_and_what_was_typed(browser: Browser) -> None:
    typed = SPAN | {"day": "2025-12-31", "from": "2026-01-01T13:00", "to": "&<soon>"}
    answer = browser("oscar").post("/playback/export/", typed, follow=True)
    text = answer.content.decode()
    assert "Give the end as date and time." in text
    assert 'value="2026-01-01T13:00"' in text
    assert 'value="&amp;&lt;soon&gt;"' in text
    assert "31 December 2025" in text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"])
def test_a_moment_at_the_edge_of_time_is_refused_kindly(browser: Browser, moment: str) -> None:
    answer = browser("oscar").post("/playback/export/", SPAN | {"from": moment}, follow=True)
    assert "Give the start as date and time." in answer.content.decode()


def test_no_span_is_protected_that_some_zone_cannot_show(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(NOON, sequence=1)
    oscar = browser("oscar")
    span = {"from": "2026-01-01T12:00:00Z", "to": "9999-12-31T23:59:59Z", "do": "protect"}
    oscar.post("/playback/export/", SPAN | span)
    east = time_zone.Zone("CET-1", ZoneInfo("Europe/Berlin"))
    monkeypatch.setattr(time_zone, "read", lambda: east)
    assert oscar.get("/recording/").status_code == 200


def test_a_button_pressed_twice_makes_one_download(browser: Browser) -> None:
    add(NOON, sequence=1)
    oscar = browser("oscar")
    answers = [oscar.post("/playback/export/", SPAN) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Export.objects.count() == 1


def test_inputs_are_chosen_by_name_and_one_that_is_gone_is_said(browser: Browser) -> None:
    settings.change_camera("source1", by=BY, inputs=("input2", "input9"))
    text = browser("oscar").get("/recording/").content.decode()
    assert 'value="input2" id="id_inputs_1" checked' in " ".join(text.split())
    assert "input9, which is gone" in text


def test_a_span_in_the_hour_that_comes_twice_takes_in_both(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    berlin = time_zone.Zone("CET-1CEST,M3.5.0,M10.5.0/3", ZoneInfo("Europe/Berlin"))
    monkeypatch.setattr(time_zone, "read", lambda: berlin)
    first, second = (datetime(2026, 10, 25, hour, 15, tzinfo=UTC) for hour in (0, 1))
    add(first, sequence=1)
    add(second, sequence=2)
    form = {"source": "source1", "from": "2026-10-25T02:10:00", "to": "2026-10-25T02:20:00"}
    browser("oscar").post("/playback/export/", form)
    one = Export.objects.get()
    assert (one.start, one.end) == (
        first - timedelta(minutes=5),
        second + timedelta(minutes=5),
    )


def test_what_was_recorded_before_the_clock_was_set_is_found(browser: Browser) -> None:
    add(datetime(1970, 1, 1, 0, 2, tzinfo=UTC), sequence=1)
    page = browser("vera").get("/playback/?source=source1").content.decode()
    assert '<a href="?source=source1&amp;day=1970-01-01">1 January 1970</a>' in page
    shown = browser("vera").get("/playback/?source=source1&day=1970-01-01&t=121000")
    assert (shown.context["recorded"], shown.context["t_ms"]) == (True, 121_000)
    assert shown.context["still"] is not None


def test_what_was_recorded_of_a_removed_camera_is_played_taken_away_and_let_go(
    browser: Browser, config_dir: Path
) -> None:
    add(NOON, sequence=1)
    Recording.objects.update(name="Gate")
    (config_dir / "media.yaml").write_text("sources: [{token: yard, name: Yard, uri: 'test:'}]\n")
    oscar, place = browser("oscar"), "?source=source1&day=2026-01-01"
    text = oscar.get(f"/playback/{place}").content.decode()
    assert "Gate, removed" in text
    assert "Recording" in text
    assert len(oscar.get(f"/playback/day.json{place}").json()["segments"]) == 1
    answer = oscar.post("/playback/export/", SPAN | {"do": "protect"}, follow=True)
    assert (answer.status_code, "Protected: this span" in answer.content.decode()) == (200, True)
    kept = oscar.get("/recording/").content.decode()
    assert "Gate, removed" in kept
    clip = ProtectedClip.objects.get()
    oscar.post("/recording/", {"do": "release", "clip": str(clip.pk)})
    assert not ProtectedClip.objects.exists()
    Segment.objects.all().delete()
    assert oscar.get(f"/playback/{place}").status_code == 404
