"""Why a camera is recorded, as people say it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.digital_io import channels
from nvrdevice.media import presence
from nvrdevice.recordings import jobs
from webui import recording_parts

pytestmark = pytest.mark.django_db
BY = Actor("tests", "", "cli")


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Any) -> None:
    settings.NVR_DATA_DIR = tmp_path / "var"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (("continuous",), "all the time"),
        (("by hand", "schedule"), "by hand, by schedule"),
        (("input input1", "motion"), "on Front door, on motion"),
        (("trigger door", "trigger rule Nights"), "asked for by door, rule Nights"),
        ((), ""),
    ],
)
def test_the_reasons(told: tuple[str, ...], words: str) -> None:
    channels.change("input", 1, {"name": "Front door"}, by=BY)
    jobs.ensure("source1")
    jobs.tell("source1", state="Active", reasons=told, error="")
    assert recording_parts.job("source1")["reasons"] == words


def test_nothing_is_recorded_while_nobody_is_there_to_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs.ensure("source1")
    jobs.tell("source1", state="Active", reasons=("motion",), error="")
    gone = presence.Away(datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))
    monkeypatch.setattr(presence, "away", lambda: gone)
    found = recording_parts.job("source1")
    assert (found["words"], found["error"], found["since"]) == (
        "Cannot record",
        presence.NO_ANSWER,
        gone.since,
    )
