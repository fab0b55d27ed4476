"""What the diagnostics page shows: who talks to the device, and what becomes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.template.loader import render_to_string

from nvrdevice import clients, health
from nvrdevice.accounts import book, refusal_words
from nvrdevice.accounts.levels import Level
from nvrdevice.clients import Caller, Stream
from nvrdevice.events.models import PullPoint
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.media import profiles
from webui import result_words

ROWS = 60  # of clients and of failed logins
SUBSCRIBES = "tev:CreatePullPointSubscription"
UNKNOWN = "Unknown"
PARTS = ("self-test", "failed-logins", "clients", "streams", "calls")


@dataclass
class ClientRow:
    """One product at one address."""

    address: str
    product: str
    is_guess: bool = False
    usernames: set[str] = field(default_factory=set)
    first: float = 0.0
    last: float = 0.0
    requests: int = 0
    errors: int = 0
    searched: float = 0.0
    subscriptions: int = 0
    subscribed_until: datetime | None = None
    streams: int = 0
    agents: set[str] = field(default_factory=set)
    operations: dict[str, int] = field(default_factory=dict)

    @property
    def users(self) -> str:
        return ", ".join(sorted(self.usernames))

    @property
    def first_at(self) -> datetime:
        return _time(self.first)

    @property
    def last_at(self) -> datetime:
        return _time(self.last)

    @property
    def searched_at(self) -> datetime | None:
        return _time(self.searched) if self.searched else None

    @property
    def names(self) -> list[str]:
        return sorted(self.agents) or ["none"]

    @property
    def asked(self) -> list[tuple[str, int]]:
        return sorted(self.operations.items(), key=lambda each: -each[1])

    def seen(self, first: float, last: float) -> None:
        self.first = min(self.first or first, first)
        self.last = max(self.last, last)


@dataclass(frozen=True)
class FailedLogin:
    at: datetime
    address: str
    protocol: str
    username: str
    why: str
    cure: str
    count: int


@dataclass(frozen=True)
class StreamRow:
    since: datetime
    address: str
    product: str
    username: str
    profile: str
    transport: str


@dataclass(frozen=True)
class CallRow:
    at: datetime
    address: str
    operation: str
    username: str
    ms: str
    result: str
    code: str  # as the log has it; empty where all went well
    is_ok: bool


def parts(level: Level, client: str = "") -> dict[str, str]:
    """The parts of the page, by the id of their place. client: whose calls alone to show."""
    is_administrator = level >= Level.ADMINISTRATOR
    known = clients.seen()
    now = SYSTEM_CLOCK.now().timestamp()
    calls = known.ledger.calls(now)
    streams = known.streams()
    shown = [call for call in calls if not client or call.address == client]
    context = {
        "checks": health.recent(),
        "failed_logins": _failed_logins(known.ledger.refusals(now), show_names=is_administrator),
        "clients": _clients(known, streams, now),
        "streams": _streams(streams),
        "calls": [_call(each) for each in shown],
        "client": client,
        "is_administrator": is_administrator,
    }
    return {
        name: render_to_string(f"partials/diagnostics/{name.replace('-', '_')}.html", context)
        for name in PARTS
    }


def _clients(known: clients.Book, streams: Iterable[Stream], now: float) -> list[ClientRow]:
    rows: dict[tuple[str, str], ClientRow] = {}
    for caller in known.ledger.callers(now):
        _count(_row(rows, caller.address, caller.agent, caller.operations), caller)
    for stream in streams:
        row = _row(rows, stream.address, stream.agent)
        row.seen(stream.since, now)
        row.streams += 1
        row.usernames.add(stream.username)
        row.agents.add(stream.agent)
    for search in known.ledger.searches(now):
        row = next((row for row in rows.values() if row.address == search.address), None) or _row(
            rows, search.address, ""
        )
        row.seen(search.first, search.last)
        row.searched = search.last
    for point in PullPoint.objects.filter(terminates_at__gt=SYSTEM_CLOCK.now()):
        row = _subscriber(rows, point)
        row.subscriptions += 1
        row.subscribed_until = max(row.subscribed_until or point.terminates_at, point.terminates_at)
    return sorted(rows.values(), key=lambda row: row.last, reverse=True)[:ROWS]


def _row(
    rows: dict[tuple[str, str], ClientRow],
    address: str,
    agent: str,
    operations: Iterable[str] = (),
) -> ClientRow:
    product = clients.recognise(agent, set(operations))
    name = product.name or UNKNOWN
    key = address, product.name or agent
    return rows.setdefault(key, ClientRow(address, name, product.is_guess))


def _count(row: ClientRow, caller: Caller) -> None:
    row.seen(caller.first, caller.last)
    row.requests += caller.requests
    row.errors += caller.errors
    if caller.username:
        row.usernames.add(caller.username)
    if caller.agent:
        row.agents.add(caller.agent)
    for operation, count in caller.operations.items():
        row.operations[operation] = row.operations.get(operation, 0) + count


def _subscriber(rows: dict[tuple[str, str], ClientRow], point: PullPoint) -> ClientRow:
    beside = [row for row in rows.values() if row.address == point.address]
    made = [row for row in beside if SUBSCRIBES in row.operations]
    own = [row for row in made if point.username in row.usernames]
    for found in (own, made, beside):
        if found:
            return found[0]
    row = _row(rows, point.address, "")
    row.seen(point.created_at.timestamp(), point.created_at.timestamp())
    row.usernames.add(point.username)
    return row


def _failed_logins(refusals: Iterable[clients.Refusal], *, show_names: bool) -> list[FailedLogin]:
    """Names that nobody here has may be passwords typed into the wrong field: not for all."""
    found = []
    for each in list(refusals)[:ROWS]:
        said = refusal_words.words(each.reason, each.note)
        is_known = book.find(each.username) is not None
        found.append(
            FailedLogin(
                at=_time(each.last),
                address=each.address,
                protocol=refusal_words.PROTOCOLS.get(each.protocol, each.protocol),
                username=each.username if is_known or show_names else "",
                why=said.why,
                cure=said.cure,
                count=each.count,
            )
        )
    return found


def _streams(streams: Iterable[Stream]) -> list[StreamRow]:
    names = {profile.token: profile.name for profile in profiles.profiles()}
    return [
        StreamRow(
            since=_time(each.since),
            address=each.address,
            product=clients.recognise(each.agent).name or UNKNOWN,
            username=each.username,
            profile=names.get(each.path) or each.path,
            transport=each.transport,
        )
        for each in streams
    ]


def _call(call: clients.Call) -> CallRow:
    return CallRow(
        at=_time(call.at),
        address=call.address,
        operation="Unreadable request" if call.operation == "-" else call.operation,
        username=call.username,
        ms=f"{call.ms:.1f}" if call.ms < 10 else f"{call.ms:.0f}",
        result=result_words.words(call.result, signed_in=bool(call.username)),
        code="" if call.result == result_words.WELL else call.result,
        is_ok=call.result == result_words.WELL,
    )


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
