"""Pull points: rows that say whose they are, what they want and how far they have read.

They belong to their creator; an administrator may use any. A row outlives the web process; it
ends at its termination time, when it is unsubscribed, or when its owner loses the level it was
made with.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from nvrdevice.events import filters, journal, notification, publishing
from nvrdevice.events.filters import Filter
from nvrdevice.events.models import PullPoint
from nvrdevice.events.notification import Notification
from nvrdevice.events.refusals import Reason, Refused
from nvrdevice.lib.clock import Clock, iso_utc

MAX_PULL_POINTS = 400
MAX_PER_USER = 320  # advertised, so that each user alone can have that many (EVENT-3-1-37)
# So that leaking clients, of whatever user, leave room for others: the last ones are for those
# who hold few.
KEPT_FOR_OTHERS = 50
FEW = 10
MAX_MESSAGES = 1024  # in one answer; a larger MessageLimit is clipped (Core 9.1.3)
MAX_TIMEOUT_S = 3600.0
# EVENT-3-1-37 makes all of them one after the other, a second each, and then ends them all.
DEFAULT_LIFETIME_S = 1200.0
LIFETIME_FLOOR_S = 1.0
PROPOSED_LIFETIME_S = 10.0  # offered to who asked for less: long enough to be used
LIFETIME_CEILING_S = 86400.0
SLACK_S = 5.0
ADMINISTRATOR = 3  # accounts.levels.Level, which lies above this noun


@dataclass(frozen=True)
class Who:
    """The account that asks: its level is the one it has now."""

    user_id: int
    username: str
    level: int
    address: str = ""


@dataclass(frozen=True)
class Taken:
    messages: tuple[Notification, ...]
    at: datetime
    terminates_at: datetime
    scanned_to: int
    filter: Filter


Termination = datetime | timedelta | None


def create(
    filter: Filter, who: Who, termination: Termination, clock: Clock
) -> tuple[PullPoint, datetime]:
    """A new pull point and the time it was made; it begins with the states of all properties."""
    now = clock.now()
    terminates_at = _termination(termination, now)
    with transaction.atomic():
        publishing.take_turn()
        reap(clock)
        _check_room(who)
        head = journal.head()
        row = PullPoint.objects.create(
            token=secrets.token_urlsafe(18),
            user_id=who.user_id,
            username=who.username[:150],
            level=who.level,
            address=who.address[:45],
            filter=filter.plain(),
            cursor=head,
            synced_to=head,
            pending=[each.plain() for each in journal.states(filter)],
            created_at=now,
            lifetime_s=(terminates_at - now).total_seconds(),
            terminates_at=terminates_at,
        )
    return row, now


def peek(token: str, who: Who, limit: int, keep_alive_s: float, clock: Clock) -> Taken:
    """As take, but who is to wait anyway costs no write: the usual case touches no disk."""
    row = _find(token, who, clock)
    messages, cursor, _ = _collect(row, limit)
    ends_while_waiting = row.terminates_at < clock.now() + timedelta(seconds=keep_alive_s + SLACK_S)
    if messages or ends_while_waiting or not keep_alive_s:
        return take(token, who, limit, keep_alive_s, clock)
    return Taken((), clock.now(), row.terminates_at, cursor, filters.from_plain(row.filter))


def take(token: str, who: Who, limit: int, keep_alive_s: float, clock: Clock) -> Taken:
    """The messages that are due, at most limit; the pull point moves on and lives on."""
    with transaction.atomic():
        row = _find(token, who, clock)
        messages, row.cursor, row.pending = _collect(row, limit)
        # Core 9.1.2: alive for at least the timeout of the request. The client's own lifetime
        # begins anew too, so that one that pulls need not renew.
        alive_s = max(keep_alive_s, row.lifetime_s)
        now = clock.now()
        row.terminates_at = max(row.terminates_at, now + timedelta(seconds=alive_s))
        row.save(update_fields=["cursor", "pending", "terminates_at"])
    wanted = filters.from_plain(row.filter)
    return Taken(messages, now, row.terminates_at, row.cursor, wanted)


def renew(
    token: str, who: Who, termination: Termination, clock: Clock
) -> tuple[PullPoint, datetime]:
    now = clock.now()
    with transaction.atomic():
        row = _find(token, who, clock)
        row.terminates_at = _termination(termination, now)
        row.lifetime_s = (row.terminates_at - now).total_seconds()
        row.save(update_fields=["terminates_at", "lifetime_s"])
    return row, now


def unsubscribe(token: str, who: Who, clock: Clock) -> None:
    with transaction.atomic():
        _find(token, who, clock).delete()


def synchronize(token: str, who: Who, clock: Clock) -> None:
    """Have all states sent again as Initialized, behind what is due already (Core 9.5)."""
    with transaction.atomic():
        publishing.take_turn()
        row = _find(token, who, clock)
        row.synced_to = journal.head()
        row.pending = [each.plain() for each in journal.states(filters.from_plain(row.filter))]
        row.save(update_fields=["synced_to", "pending"])


def reap(clock: Clock) -> int:
    """Remove what has expired; how many those were."""
    gone, _ = PullPoint.objects.filter(terminates_at__lte=clock.now()).delete()
    return gone


def drop_of_user(user_id: int) -> int:
    """Remove the pull points of an account that is deleted or loses rights; how many."""
    gone, _ = PullPoint.objects.filter(user_id=user_id).delete()
    return gone


def tokens() -> set[str]:
    """Of all pull points there are."""
    return set(PullPoint.objects.values_list("token", flat=True))


def _find(token: str, who: Who, clock: Clock) -> PullPoint:
    row = PullPoint.objects.filter(token=token).first()
    # One demoted since then has lost it: what the old level could see may wait in there.
    lost = row is not None and (
        row.terminates_at <= clock.now()
        or (row.user_id != who.user_id and who.level < ADMINISTRATOR)
        or (row.user_id == who.user_id and who.level < row.level)
    )
    if row is None or lost:
        raise Refused(
            Reason.UNKNOWN_PULL_POINT,
            "This subscription does not exist, has ended or is not yours: create a new one.",
        )
    return row


def _check_room(who: Who) -> None:
    own = PullPoint.objects.filter(user_id=who.user_id).count()
    if own >= MAX_PER_USER:
        raise Refused(
            Reason.TOO_MANY,
            f"The user {who.username} holds {MAX_PER_USER} pull points already: unsubscribe one.",
        )
    room = MAX_PULL_POINTS - PullPoint.objects.count()
    if room <= 0:
        raise Refused(
            Reason.TOO_MANY,
            f"All {MAX_PULL_POINTS} pull points are in use: unsubscribe one or wait for its end.",
        )
    if own >= FEW and room <= KEPT_FOR_OTHERS:
        raise Refused(
            Reason.TOO_MANY,
            f"The last {KEPT_FOR_OTHERS} of {MAX_PULL_POINTS} pull points are for users with "
            f"fewer than {FEW}, and {who.username} holds {own}: unsubscribe one.",
        )


def _collect(row: PullPoint, limit: int) -> tuple[tuple[Notification, ...], int, list[object]]:
    """What is due in its order: rows up to the synchronization, its states, rows behind it."""
    wanted = filters.from_plain(row.filter)
    cursor, pending = row.cursor, list(row.pending)
    messages: list[Notification] = []
    if cursor < row.synced_to:
        page = journal.after(cursor, wanted, limit, up_to=row.synced_to)
        messages, cursor = list(page.rows), page.scanned_to
    if cursor >= row.synced_to and len(messages) < limit:
        room = limit - len(messages)
        messages += [notification.from_plain(each) for each in pending[:room]]
        pending = pending[room:]
    if cursor >= row.synced_to and not pending and len(messages) < limit:
        page = journal.after(cursor, wanted, limit - len(messages))
        messages, cursor = messages + list(page.rows), page.scanned_to
    return tuple(messages), cursor, pending


def _termination(asked: Termination, now: datetime) -> datetime:
    if asked is None:
        asked = timedelta(seconds=DEFAULT_LIFETIME_S)
    latest = now + timedelta(seconds=LIFETIME_CEILING_S)
    wanted = asked if isinstance(asked, datetime) else now + asked
    if not now + timedelta(seconds=LIFETIME_FLOOR_S) <= wanted <= latest:
        earliest = now + timedelta(seconds=PROPOSED_LIFETIME_S)
        raise Refused(
            Reason.UNACCEPTABLE_TIME,
            f"A subscription may end between {iso_utc(earliest)} and {iso_utc(latest)}, "
            f"not at {iso_utc(wanted)}.",
            earliest=earliest,
            latest=latest,
        )
    return wanted
