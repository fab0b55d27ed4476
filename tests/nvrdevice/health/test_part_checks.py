"""What the self-test says of the device's own parts."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nvrdevice import state
from nvrdevice.accounts import saving, users
from nvrdevice.audit.trail import Actor
from nvrdevice.health import part_checks
from nvrdevice.health.check import Level
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.media import facts, presence, requests
from nvrdevice.recordings import index
from nvrdevice.recordings.models import StorageFacts

BY = Actor("tests", "127.0.0.1", "cli")
AWAY = presence.Away(datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))
ONLINE = facts.Facts(uri="test:", width=1280, height=720, fps=25.0, codec="raw", online=True)


def test_documents_in_order() -> None:
    (found,) = part_checks.documents()
    assert found.level is Level.OK


def test_each_problem_of_a_document_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    told = ("user.yaml: not valid YAML in line 3.", "device.yaml: colour: unknown setting.")
    monkeypatch.setattr(state, "problems", lambda: told)
    assert [(check.level, check.text) for check in part_checks.documents()] == [
        (Level.WARN, told[0]),
        (Level.WARN, told[1]),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("bootstrap", "level"), [(True, Level.WARN), (False, Level.OK)])
def test_the_first_password(*, bootstrap: bool, level: Level) -> None:
    saving.make_groups()
    first = users.NewUser("admin", "admin123", roles=("admin",), must_change_password=bootstrap)
    users.add([first], by=BY, bootstrap=bootstrap)
    (found,) = part_checks.first_password()
    assert found.level is level


def test_a_media_process_that_answers() -> None:
    (found,) = part_checks.media_process()
    assert found.level is Level.OK


def test_a_media_process_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "away", lambda: AWAY)
    (found,) = part_checks.media_process()
    assert (found.level, found.text) == (
        Level.DANGER,
        "The media process does not answer: there are no streams and no recording.",
    )


@pytest.mark.django_db
def test_nothing_is_said_of_a_camera_that_nobody_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    facts.write("source1", ONLINE)
    monkeypatch.setattr(presence, "away", lambda: AWAY)
    (found,) = part_checks.sources()
    assert (found.level, found.text) == (
        Level.DANGER,
        "Test picture cannot be seen: the media process does not answer.",
    )


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (
            {"open": True, "problem": ""},
            [(Level.OK, "Streams are served inside TLS too.", "")],
        ),
        (
            {"open": False, "problem": "The RTSPS port 8322 is taken: choose another."},
            [
                (
                    Level.WARN,
                    "The RTSPS port 8322 is taken. Streams without TLS are served all the same.",
                    "Choose another.",
                )
            ],
        ),
        (
            {"open": True, "problem": "The new certificate cannot be read: make a new one."},
            [(Level.WARN, "The new certificate cannot be read.", "Make a new one.")],
        ),
    ],
)
def test_rtsps(
    monkeypatch: pytest.MonkeyPatch,
    now: dict[str, object],
    told: list[tuple[Level, str, str]],
) -> None:
    monkeypatch.setattr(requests, "ask", lambda name, **_: Reply({"rtsps": now}))
    assert [(one.level, one.text, one.fix) for one in part_checks.rtsps()] == told


def test_rtsps_of_a_media_process_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(name: str, **_: object) -> Reply:
        raise DeviceError(Kind.UNAVAILABLE, "It is not running.")

    monkeypatch.setattr(requests, "ask", ask)
    assert list(part_checks.rtsps()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("measured", "level", "text"),
    [
        (None, Level.DANGER, "Test picture delivers no picture. It was not seen yet."),
        (ONLINE, Level.OK, "Test picture delivers its picture."),
        (
            replace(ONLINE, online=False, reason="It refused."),
            Level.DANGER,
            "Test picture delivers no picture. It refused.",
        ),
        # Facts of the address it had before say nothing of the one it has now.
        (
            replace(ONLINE, uri="rtsp://192.168.1.44/"),
            Level.DANGER,
            "Test picture delivers no picture. It was not seen yet.",
        ),
    ],
)
def test_the_sources(measured: facts.Facts | None, level: Level, text: str) -> None:
    if measured is not None:
        facts.write("source1", measured)
    (found,) = part_checks.sources()
    assert (found.level, found.text) == (level, text)


def test_a_configuration_folder_that_cannot_be_written(config_dir: Path) -> None:
    config_dir.rmdir()
    (found,) = part_checks.config_folder()
    assert (found.level, found.text) == (
        Level.DANGER,
        f"No setting can be changed. {config_dir} cannot be written (No such file or directory).",
    )


def test_a_configuration_folder_that_can_be_written() -> None:
    (found,) = part_checks.config_folder()
    assert found.level is Level.OK


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "reason", "text"),
    [
        ("gone", "the disk is not there", "Nothing can be recorded. The disk is not there."),
        ("slow", "Too slow.", "Pictures are left out. Too slow."),
        ("full", "", "Nothing can be recorded."),
    ],
)
def test_a_disk_in_trouble_is_told_in_sentences(state: str, reason: str, text: str) -> None:
    StorageFacts.objects.create(token=index.STORAGE, state=state, reason=reason)
    (found,) = part_checks.recordings()
    assert found.text == text
