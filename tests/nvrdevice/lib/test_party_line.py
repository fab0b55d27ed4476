"""What one process says, the others hear; nobody hears itself, and nothing ends the line."""

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.lib.party_line import PartyLine
from nvrdevice.lib.run_sockets import RunSockets

LONG_S = 10.0


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[dict[str, PartyLine]]:
    sockets = RunSockets(tmp_path / "run")
    made = {name: PartyLine(sockets) for name in ("web", "media")}
    yield made
    for line in made.values():
        line.close()


def heard_by(line: PartyLine, process: str) -> "queue.Queue[Any]":
    heard: queue.Queue[Any] = queue.Queue()
    line.on("news", heard.put)
    line.listen(process)
    return heard


def test_others_hear_it_in_order(lines: dict[str, PartyLine]) -> None:
    heard = heard_by(lines["web"], "web")
    for number in range(100):
        lines["media"].say("news", [number, "ü"])
    assert [heard.get(timeout=LONG_S) for _ in range(100)] == [[n, "ü"] for n in range(100)]


def test_nobody_hears_itself(lines: dict[str, PartyLine]) -> None:
    heard = heard_by(lines["web"], "web")
    lines["web"].say("news", "own")
    lines["media"].say("news", "of another")
    assert heard.get(timeout=LONG_S) == "of another"


def test_what_nobody_asked_for_is_passed_over(lines: dict[str, PartyLine]) -> None:
    heard = heard_by(lines["web"], "web")
    lines["media"].say("gossip", 1)
    lines["media"].say("news", 2)
    assert heard.get(timeout=LONG_S) == 2


def test_a_hearer_that_fails_hears_the_next(lines: dict[str, PartyLine]) -> None:
    heard: queue.Queue[int] = queue.Queue()
    lines["web"].on("news", lambda told: heard.put(10 // told))
    lines["web"].listen("web")
    lines["media"].say("news", 0)
    lines["media"].say("news", 5)
    assert heard.get(timeout=LONG_S) == 2


def test_without_anybody_there_it_is_said_to_the_wind(lines: dict[str, PartyLine]) -> None:
    for _ in range(5000):
        lines["media"].say("news", "nobody")
    heard = heard_by(lines["web"], "web")
    lines["media"].say("news", "somebody")
    assert heard.get(timeout=LONG_S) == "somebody"
