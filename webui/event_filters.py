"""The filters of the events page: from the address of the page to what the journal is asked.

What cannot be read is told beside its field and does not filter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from nvrdevice.events import topics
from nvrdevice.events.history import TEXT_MAX, Wanted
from webui import event_words, overview_parts

MOTION = "motion"
# Several topics tell of one thing; the rest are kinds of their own.
TOGETHER: Mapping[str, tuple[str, tuple[str, ...]]] = {
    MOTION: ("Motion", overview_parts.MOTION),
}
FIELDS = ("kind", "source", "day", "from", "to", "text", "zone")


@dataclass(frozen=True)
class Option:
    value: str
    words: str


@dataclass(frozen=True)
class Chip:
    """One filter that is set, and the page's address without it."""

    words: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Filters:
    kind: str = ""
    source: str = ""
    day: str = ""
    since: str = ""
    until: str = ""
    text: str = ""
    zone: str = "UTC"
    errors: Mapping[str, str]
    wanted: Wanted

    @property
    def address(self) -> str:
        """As it stands in an address, what is empty left out."""
        return self._address(self._given())

    def chips(self, kinds: list["Option"], sources: list["Option"]) -> list[Chip]:
        """What is set and counts, in words."""
        called = {option.value: option.words for option in (*kinds, *sources)}
        given = self._given()
        words = {
            "kind": called.get(self.kind, ""),
            "source": called.get(self.source, ""),
            "day": self.day,
            "from": f"From {self.since.replace('T', ' ')}",
            "to": f"To {self.until.replace('T', ' ')}",
            "text": f"\N{LEFT DOUBLE QUOTATION MARK}{self.text}\N{RIGHT DOUBLE QUOTATION MARK}",
        }
        return [
            Chip(words[name], self._address({**given, name: ""}))
            for name, value in given.items()
            if value and name not in self.errors
        ]

    def _given(self) -> dict[str, str]:
        return {
            "kind": self.kind,
            "source": self.source,
            "day": self.day,
            "from": self.since,
            "to": self.until,
            "text": self.text,
        }

    def _address(self, given: Mapping[str, str]) -> str:
        kept = {name: value for name, value in given.items() if value}
        if kept.keys() & {"day", "from", "to"}:
            kept["zone"] = self.zone
        return urlencode(kept)


def read(query: QueryDict) -> Filters:
    given = {name: query.get(name, "").strip()[:TEXT_MAX].replace("\0", "") for name in FIELDS}
    errors: dict[str, str] = {}
    zone = _zone(given["zone"])
    topics_ = _topics(given["kind"], errors)
    names = overview_parts.names()
    tokens = _tokens(given["source"], names, errors)
    since, until = _times(given, zone, errors)
    text = given["text"]
    return Filters(
        kind=given["kind"],
        source=given["source"],
        day=given["day"],
        since=given["from"],
        until=given["to"],
        text=text,
        zone=given["zone"] if zone is not UTC else "UTC",
        errors=errors,
        wanted=Wanted(
            topics=topics_,
            tokens=tokens,
            since=since,
            until=until,
            text=text,
            text_topics=_topics_said(text),
            text_tokens=tuple(
                token for token, name in names.items() if text and text.lower() in name.lower()
            ),
        ),
    )


def kinds() -> list[Option]:
    """What can be chosen: all that this device can tell, in words, by name."""
    together = {name for _, names in TOGETHER.values() for name in names}
    found = [Option(value, words) for value, (words, _) in TOGETHER.items()]
    found += [
        Option(topic.name, event_words.kind(topic.name))
        for topic in topics.declared()
        if topic.name not in together
    ]
    return sorted(found, key=lambda option: option.words.lower())


def sources() -> list[Option]:
    """Each thing once, under the first of the tokens that events name it by."""
    found: dict[str, str] = {}
    for token, name in overview_parts.names().items():
        found.setdefault(name, token)
    return [Option(token, name) for name, token in found.items()]


def _topics(kind: str, errors: dict[str, str]) -> tuple[str, ...]:
    if not kind:
        return ()
    if kind in TOGETHER:
        return TOGETHER[kind][1]
    if topics.find(kind) is None:
        errors["kind"] = "This device tells no such event: choose one of the list."
        return ()
    return (kind,)


def _tokens(source: str, names: Mapping[str, str], errors: dict[str, str]) -> tuple[str, ...]:
    if not source:
        return ()
    if source not in names:
        errors["source"] = "There is no such camera or input here: choose one of the list."
        return ()
    return tuple(token for token, name in names.items() if name == names[source])


def _topics_said(text: str) -> tuple[str, ...]:
    """The topics whose words hold the text: people look for what they read."""
    if not text:
        return ()
    return tuple(
        topic.name
        for topic in topics.declared()
        if any(text.lower() in said.lower() for said in event_words.said_of(topic.name))
    )


def _times(
    given: Mapping[str, str], zone: tzinfo, errors: dict[str, str]
) -> tuple[datetime | None, datetime | None]:
    since = _moment(given["from"], zone, "from", errors)
    until = _moment(given["to"], zone, "to", errors)
    if since and until and until <= since:
        errors["to"] = "This is not after the beginning: give a later time."
        until = None
    if given["day"]:
        try:
            first = datetime.strptime(given["day"], "%Y-%m-%d").replace(tzinfo=zone)
            last = (first + timedelta(days=1)).astimezone(UTC)  # a wall day, of 23 to 25 hours
            since = max(filter(None, (since, first.astimezone(UTC))))
            until = min(filter(None, (until, last)))
        except (ValueError, OverflowError):
            errors["day"] = "This is no date: write it as 2026-11-26."
    return since, until


def _moment(text: str, zone: tzinfo, field: str, errors: dict[str, str]) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        errors[field] = "This is no time: write it as 2026-11-26T14:30."
        return None


def _zone(name: str) -> tzinfo:
    """What the browser calls its time zone; UTC, in which the page is written, for any other."""
    if not name or name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
