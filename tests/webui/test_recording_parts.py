"""Why a camera is recorded, as people say it."""

from pathlib import Path
from typing import Any

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.digital_io import channels
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
