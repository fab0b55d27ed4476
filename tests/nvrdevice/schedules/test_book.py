"""Making and changing schedules: refusals, audit rows, and what is never lost on the way."""

import errno
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from nvrdevice import state
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.events.pipeline import EventSwitches
from nvrdevice.lib import atomic_file
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings.settings import CameraRecording, Recordings, RecordingSettings
from nvrdevice.schedules import arming, book
from nvrdevice.schedules.settings import RecordingSchedule
from nvrdevice.schedules.week import ALWAYS, NEVER, Period, Week

pytestmark = pytest.mark.django_db(transaction=True)

BY = Actor("alice", "192.168.1.20", "web")
OFFICE = Week((*((Period(480, 1080),),) * 5, (), ()))


def actions() -> list[str]:
    return list(AuditRow.objects.order_by("id").values_list("action", flat=True))


def test_a_schedule_reads_the_same_in_the_file(config_dir: Path) -> None:
    book.create("office", replace(OFFICE, exceptions={date(2026, 12, 24): ()}), by=BY)
    saved = yaml.safe_load((config_dir / "user.yaml").read_text())
    assert saved["recording_schedules"] == [
        {
            "name": "office",
            "start": "08:00",
            "end": "18:00",
            "days": ["mon", "tue", "wed", "thu", "fri"],
        }
    ]
    assert saved["schedule_exceptions"] == [
        {"name": "office", "date": "2026-12-24", "start": "", "end": ""}
    ]
    assert actions() == ["create schedule"]


def test_a_schedule_that_never_holds_keeps_its_name() -> None:
    book.create("never", Week(NEVER), by=BY)
    assert book.get("never").week == Week(NEVER)


def test_a_name_is_given_once() -> None:
    book.create("office", OFFICE, by=BY)
    with pytest.raises(DeviceError) as refused:
        book.create("Office", OFFICE, by=BY)
    assert refused.value.kind is Kind.CONFLICT
    assert actions() == ["create schedule"]


@pytest.mark.parametrize("name", ["", "  ", "a/b", "..", "a\nb", "x" * 65])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(DeviceError) as refused:
        book.create(name, OFFICE, by=BY)
    assert (refused.value.kind, refused.value.field) == (Kind.INVALID, "name")


def test_an_overlap_names_both_periods() -> None:
    day = (Period(480, 720), Period(660, 840))
    with pytest.raises(DeviceError) as refused:
        book.create("shop", Week((day, *((),) * 6)), by=BY)
    assert refused.value.text == (
        "Monday 08:00\N{EN DASH}12:00 and Monday 11:00\N{EN DASH}14:00 overlap: "
        "change one of them, or join them to Monday 08:00\N{EN DASH}14:00."
    )


def test_eight_periods_a_day_and_no_more() -> None:
    day = tuple(Period(at * 60, at * 60 + 30) for at in range(9))
    book.create("eight", Week((day[:8], *((),) * 6)), by=BY)
    with pytest.raises(DeviceError, match="Monday has 9 periods: at most 8"):
        book.change("eight", Week((day, *((),) * 6)), by=BY)


def test_a_change_leaves_the_others_as_they_were(config_dir: Path) -> None:
    (config_dir / "user.yaml").write_text(
        "recording_schedules:\n- {name: a, start: 22:00, end: 06:00, days: [mon]}\n"
        "- {name: b}\n- {name: c, start: '01:00', end: '02:00'}\n"
    )
    book.change("b", OFFICE, by=BY)
    saved = yaml.safe_load((config_dir / "user.yaml").read_text())["recording_schedules"]
    assert [one["name"] for one in saved] == ["a", "b", "c"]
    assert saved[0] == {"name": "a", "start": "22:00", "end": "06:00", "days": ["mon"]}


def test_whatever_uses_a_schedule_follows_its_new_name() -> None:
    book.create("office", OFFICE, by=BY)
    arming.arm(events="", alarms="office", by=BY)
    book.rename("office", "work", by=BY)
    assert state.read(EventSwitches).alarms_schedule == "work"
    assert book.get("work").week == OFFICE
    assert actions() == ["create schedule", "set event switches", "rename schedule"]


@pytest.mark.parametrize("document", ["user.yaml", "media.yaml"])
def test_a_schedule_is_renamed_with_all_its_uses_or_not_at_all(
    config_dir: Path, monkeypatch: pytest.MonkeyPatch, document: str
) -> None:
    book.create("office", OFFICE, by=BY)
    arming.arm(events="", alarms="office", by=BY)
    state.update(RecordingSettings, lambda _: recorded_by("office"))
    before = {path: path.read_bytes() for path in config_dir.glob("*.yaml")}
    write = atomic_file.write_bytes

    def full(path: Path, data: bytes, **options: Any) -> None:
        if path.name == document:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, data, **options)

    with monkeypatch.context() as patched:
        patched.setattr(atomic_file, "write_bytes", full)
        with pytest.raises(DeviceError, match="nothing was changed"):
            book.rename("office", "work", by=BY)
    assert {path: path.read_bytes() for path in config_dir.glob("*.yaml")} == before
    assert "rename schedule" not in actions()
    book.rename("office", "work", by=BY)
    assert state.read(RecordingSettings) == recorded_by("work")
    assert state.read(EventSwitches).alarms_schedule == "work"


def recorded_by(schedule: str) -> RecordingSettings:
    camera = CameraRecording(source="source1", mode="schedule", schedule=schedule)
    return RecordingSettings(recording=Recordings(cameras=(camera,)))


def test_a_used_schedule_is_not_deleted() -> None:
    book.create("office", OFFICE, by=BY)
    arming.arm(events="office", alarms="office", by=BY)
    with pytest.raises(DeviceError) as refused:
        book.delete("office", by=BY)
    assert refused.value.text == (
        "The schedule 'office' is used for sending events and sending alarms: "
        "choose another one there first."
    )
    arming.arm(events="", alarms="", by=BY)
    book.delete("office", by=BY)
    assert book.everything() == ()


def test_a_copy_is_a_schedule_of_its_own() -> None:
    book.create("office", OFFICE, by=BY)
    book.copy("office", "office two", by=BY)
    book.change("office", Week(ALWAYS), by=BY)
    assert book.get("office two").week == OFFICE


def test_nothing_is_armed_by_a_schedule_that_is_not_there() -> None:
    with pytest.raises(DeviceError) as refused:
        arming.arm(events="nights", alarms="", by=BY)
    assert (refused.value.kind, refused.value.field) == (Kind.INVALID, "events_schedule")


def test_a_window_is_added_to_the_schedule_of_its_name() -> None:
    for start, end in (("08:00", "12:00"), ("14:00", "18:00")):
        book.add_window(RecordingSchedule(name="shop", start=start, end=end), by=BY)
    assert book.get("shop").week.minutes() == 7 * 8 * 60
    assert actions() == ["add window to schedule"] * 2


def test_no_window_is_added_to_what_nobody_understands(config_dir: Path) -> None:
    text = "recording_schedules:\n- {name: shop, start: dawn}\n"
    (config_dir / "user.yaml").write_text(text)
    with pytest.raises(DeviceError, match="'dawn' is not a time of day") as refused:
        book.add_window(RecordingSchedule(name="shop"), by=BY)
    assert refused.value.kind is Kind.CONFLICT
    assert (config_dir / "user.yaml").read_text() == text
