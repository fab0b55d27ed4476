"""Recording because somebody says so: by hand, or by a token as /recording/jobs takes them.

What is on is a property in the journal, which the recorder follows: it outlives restarts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.events import publish
from nvrdevice.events.models import PropertyState
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock, iso_utc
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import settings as media_settings
from nvrdevice.recordings import settings, topics
from nvrdevice.recordings.deciding import BY_HAND, Trigger
from nvrdevice.recordings.settings import LONGEST, TRIGGERS_LIMIT, RecordingTriggers

TOKEN_LIMIT = 200
LONGEST_S = LONGEST.total_seconds()


@dataclass(frozen=True, kw_only=True)
class Active:
    source: str
    token: str
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        return Trigger(self.token, self.until).holds(at)


def active(*, clock: Clock = SYSTEM_CLOCK) -> tuple[Active, ...]:
    """The triggers that hold just now."""
    now = clock.now()
    return tuple(one for one in _told() if one.holds(now))


def start(
    token: str,
    *,
    by: Actor,
    source: str = "",
    duration_s: float | None = None,
    clock: Clock = SYSTEM_CLOCK,
) -> tuple[str, ...]:
    """Record one source, or all, because of a token: the seconds before and after it, or as
    long as is said. What is held until it is taken back goes on so. The sources."""
    token = _checked(token)
    now = clock.now()
    lasts = {
        one: max(1.0, settings.camera(one).post_s) if duration_s is None else _length(duration_s)
        for one in _sources(source)
    }
    sources = tuple(lasts)
    _check_room(token, sources)
    remember(token)
    held = {one.source for one in _told() if one.token == token and one.until is None}
    with transaction.atomic():
        for one, length_s in lasts.items():
            if one not in held:
                _tell(one, token, on=True, until=now + timedelta(seconds=length_s), at=now)
        trail.record(by, "trigger recording", token, after={"sources": list(sources)})
    return sources


def hold(
    token: str, *, by: Actor, source: str = "", clock: Clock = SYSTEM_CLOCK
) -> tuple[str, ...]:
    """Record until `stop` with the same token."""
    token = _checked(token)
    sources = _sources(source)
    _check_room(token, sources)
    if token != BY_HAND:
        remember(token)
    with transaction.atomic():
        for one in sources:
            _tell(one, token, on=True, until=None, at=clock.now())
        trail.record(by, "start recording", token, after={"sources": list(sources)})
    return sources


def stop(
    token: str, *, by: Actor, source: str = "", clock: Clock = SYSTEM_CLOCK
) -> tuple[str, ...]:
    """Take a token back; the sources that it held."""
    token = _checked(token)
    held = [one.source for one in _told() if one.token == token and source in ("", one.source)]
    with transaction.atomic():
        for one in held:
            _tell(one, token, on=False, until=None, at=clock.now())
        trail.record(by, "stop recording", token, after={"sources": held})
    return tuple(held)


def start_by_hand(source: str, *, by: Actor) -> None:
    hold(BY_HAND, by=by, source=source)


def stop_by_hand(source: str, *, by: Actor) -> None:
    stop(BY_HAND, by=by, source=source)


def remember(token: str) -> None:
    """In user.yaml, newest last, each once; the oldest makes room."""

    def push(now: RecordingTriggers) -> RecordingTriggers:
        if token in now.recording_triggers:
            return now
        kept = (*now.recording_triggers, token)[-TRIGGERS_LIMIT:]
        return replace(now, recording_triggers=kept)

    state.update(RecordingTriggers, push)


def expire(*, clock: Clock = SYSTEM_CLOCK) -> None:
    """Take back what is over, and what holds a source that is gone."""
    now = clock.now()
    known = {one.token for one in media_settings.read().sources}
    for one in _told():
        if one.source not in known or not one.holds(now):
            _tell(one.source, one.token, on=False, until=None, at=now)


def _told() -> Iterable[Active]:
    for row in PropertyState.objects.filter(topic=topics.TRIGGER.name):
        if row.data.get("State") == "true":
            until = row.data.get("Until")
            yield Active(
                source=row.source.get("Source", ""),
                token=row.source.get("Token", ""),
                until=datetime.fromisoformat(until) if until else None,
            )


def _tell(source: str, token: str, *, on: bool, until: datetime | None, at: datetime) -> None:
    place = {"Source": source, "Token": token}
    data: dict[str, bool | str] = {"State": on}
    if until is not None:
        data["Until"] = iso_utc(until)
    publish(topics.TRIGGER.name, place, data, at=at)
    if not on:  # a token may never come again: no property of it stays
        publish(topics.TRIGGER.name, place, data, at=at, operation="Deleted")


def _sources(source: str) -> tuple[str, ...]:
    every = tuple(one.token for one in media_settings.read().sources)
    if source and source not in every:
        raise DeviceError(Kind.MISSING, f"There is no camera {source[:64]!r}.", field="source")
    return (source,) if source else every


def _check_room(token: str, sources: Iterable[str]) -> None:
    """The recorder looks through all that hold."""
    held = {(one.source, one.token) for one in _told()}
    more = {(source, token) for source in sources} - held
    if more and len(held) + len(more) > TRIGGERS_LIMIT:
        raise DeviceError(
            Kind.LIMIT,
            f"At most {TRIGGERS_LIMIT} triggers hold at once: take one back, or wait for its end.",
            field="token",
        )


def _checked(token: str) -> str:
    token = token.strip()
    if not 1 <= len(token) <= TOKEN_LIMIT or not token.isprintable():
        raise DeviceError(
            Kind.INVALID,
            f"A trigger's token is a text of 1 to {TOKEN_LIMIT} characters.",
            field="token",
        )
    return token


def _length(duration_s: float) -> float:
    if not 1 <= duration_s <= LONGEST_S:
        raise DeviceError(
            Kind.INVALID, f"Record from 1 to {LONGEST_S:.0f} seconds.", field="duration_s"
        )
    return duration_s
