"""How recording goes, in words: for its own page and the overview."""

from collections.abc import Iterable, Iterator
from typing import Any

from nvrdevice.accounts.levels import Level
from nvrdevice.digital_io import channels
from nvrdevice.recordings import jobs, settings, space

WHY = {
    settings.CONTINUOUS: "all the time",
    settings.SCHEDULE: "by schedule",
    settings.MOTION: "on motion",
}
NOT_ACTIVE = "off", "Not recording"
STATES = {"Active": ("ok", "Recording"), "Error": ("danger", "Cannot record"), "Idle": NOT_ACTIVE}


def shown(source: str, level: Level) -> dict[str, Any]:
    """What the overview's card needs."""
    return {
        "job": job(source),
        "space": space_words(),
        "may_set_recording": level >= Level.OPERATOR,
    }


def job(source: str) -> dict[str, Any]:
    found = jobs.of(source)
    kind, words = STATES[found.state] if found else NOT_ACTIVE
    return {
        "kind": kind,
        "words": words,
        "reasons": ", ".join(_reasons(found.reasons)) if found else "",
        "error": found.error if found else "",
        "since": found.since if found else None,
    }


def _reasons(told: Iterable[str]) -> Iterator[str]:
    """Why it is recorded, as people say it."""
    called = channels.names()
    for one in told:
        kind, _, which = one.partition(" ")
        if kind == settings.INPUT and which:
            yield f"on {called.get(which, which)}"
        elif kind == "trigger" and which:
            yield which if which.startswith("rule ") else f"asked for by {which}"
        else:
            yield WHY.get(one, one)


def space_words() -> dict[str, Any]:
    now = space.read()
    return {
        "used": size_words(now.used),
        "may_use": size_words(now.may_use),
        "free": size_words(now.free),
        "percent": round(now.share * 100),
        "days": days_words(now.days),
    }


def size_words(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 100_000_000 else f"{size / 1e6:.1f} MB"


def days_words(days: float | None) -> str:
    if days is None:
        return "Too little was recorded today to say how long it lasts."
    if days < 2:
        return f"About {max(1, round(days * 24))} hours at today's rate."
    return f"About {round(days)} days at today's rate."
