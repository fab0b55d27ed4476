"""Reading the trail: each filter by itself and together, changes in words, harmless files."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from nvrdevice.audit import reading, trail
from nvrdevice.audit.reading import Difference, Wanted
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock


@pytest.fixture
def written(db: None) -> None:
    for day, username, address, protocol, action, named in (
        (4, "admin", "192.168.1.2", "soap", "set hostname", "network"),
        (5, "Jörg", "192.168.1.3", "web", "change users", "vera"),
        (6, "", "", "device", "restart process", "media"),
    ):
        clock = ManualClock(datetime(2026, 5, day, 23, 59, tzinfo=UTC))
        trail.record(
            Actor(username, address, protocol),
            action,
            named,
            before={"name": "Tür"} if day == 5 else None,
            clock=clock,
        )


@pytest.mark.parametrize(
    ("wanted", "objects"),
    [
        ({}, ["media", "vera", "network"]),
        ({"username": "jörg"}, ["vera"]),
        ({"username": "Jörg"}, ["vera"]),
        ({"username": "ADM"}, ["network"]),
        ({"address": "168.1.3"}, ["vera"]),
        ({"protocol": "device"}, ["media"]),
        ({"action": "set hostname"}, ["network"]),
        ({"first": date(2026, 5, 5)}, ["media", "vera"]),
        ({"last": date(2026, 5, 5)}, ["vera", "network"]),
        ({"first": date(2026, 5, 5), "last": date(2026, 5, 5)}, ["vera"]),
        ({"last": date.max}, ["media", "vera", "network"]),
        ({"text": "HOST"}, ["network"]),
        ({"text": "Tür"}, ["vera"]),
        ({"text": '"'}, []),
        ({"text": "%"}, []),
        ({"text": "e", "protocol": "web"}, ["vera"]),
    ],
)
def test_each_filter(written: None, wanted: dict[str, Any], objects: list[str]) -> None:
    assert [row.object for row in reading.rows(Wanted(**wanted))] == objects


def test_the_actions_to_choose_from(written: None) -> None:
    assert reading.actions() == ["change users", "restart process", "set hostname"]


def test_what_became_another_and_nothing_else() -> None:
    before = {"vera": {"roles": ["viewer"], "active": True, "onvif_access": True}}
    after = {"vera": {"roles": ["operator", "viewer"], "active": False, "onvif_access": True}}
    assert reading.differences(before, after) == [
        Difference("vera.roles", "viewer", "operator, viewer"),
        Difference("vera.active", "yes", "no"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (None, None, []),
        ({}, {"vera": {"active": True}}, [Difference("vera.active", "", "yes")]),
        ("Discoverable", "NonDiscoverable", [Difference("", "Discoverable", "NonDiscoverable")]),
        (None, {"name": "door"}, [Difference("name", "", "door")]),
        ({"until": None}, {"until": 5}, [Difference("until", "none", "5")]),
        ([1], [], [Difference("", "1", "none")]),
        (None, "x" * 500, [Difference("", "", "x" * 199 + "…")]),
    ],
)
def test_values_of_every_shape(before: Any, after: Any, found: list[Difference]) -> None:
    assert reading.differences(before, after) == found


def test_a_row_with_very_many_changes_is_cut() -> None:
    after = {str(number): number for number in range(500)}
    assert len(reading.differences(None, after)) == reading.CHANGES_MOST


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_no_cell_is_a_formula(db: None, start: str) -> None:
    trail.record(Actor(f"{start}cmd|'/c calc'!A1", "", "soap"), "act")
    text, _, _ = reading.batch(Wanted(), None)
    assert f"'{start}cmd|" in text


def test_a_file_comes_in_batches(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 2)
    for number in range(3):
        trail.record(trail.DEVICE, f"act {number}")
    first, go_on, count = reading.batch(Wanted(), None)
    second, end, rest = reading.batch(Wanted(), go_on)
    assert [line.split(",")[4] for line in (first + second).splitlines()] == [
        "act 2",
        "act 1",
        "act 0",
    ]
    assert (count, rest, end) == (2, 1, None)
