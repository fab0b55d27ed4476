"""The way an NVR goes when it adds this device, step by step, and why it stands still.

Found → asked the time → signed in → asked for profiles → opened RTSP → subscribed to events.
Read from what was noted of one address; nothing here asks the NVR anything.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from nvrdevice import clients, state
from nvrdevice.accounts import refusal_words
from nvrdevice.accounts.models import User
from nvrdevice.accounts.refusals import Reason
from nvrdevice.accounts.settings import AccountSettings
from nvrdevice.clients import Journey, Refusal, journeys
from nvrdevice.events.models import PullPoint
from nvrdevice.health.remedies import Remedy, remedy_of
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.media import presence
from nvrdevice.system import protocols

CLOCK_APART_S = 10.0  # from here on worth a word; Home Assistant warns from 5 s on
# An NVR opens the stream at once after it was told the address; a slow one gets this long.
OPENS_WITHIN_S = 15.0
DENIED = "NotAuthorized"  # how the fault of a user whose role is too low ends


class Progress(enum.Enum):
    DONE = "ok"
    WARN = "warn"
    FAILED = "danger"
    WAITING = "off"


@dataclass(frozen=True, kw_only=True)
class Step:
    """text and fix are sentences for the person in front of the NVR; name is for programs."""

    name: str
    title: str
    progress: Progress
    text: str = ""
    fix: str = ""
    remedy: Remedy = Remedy.NONE
    username: str = ""  # whom the remedy is about
    at: datetime | None = None
    until: datetime | None = None  # a wait or a subscription lasts


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is known of one address."""

    now: float
    journey: Journey
    refusals: tuple[Refusal, ...] = ()  # newest first
    denied: clients.Call | None = None  # the last call its role did not allow
    subscribed_until: datetime | None = None
    slowed_until: datetime | None = None
    rtsp_port: int = 8554
    rtsp_open: bool = True
    window_s: int = 300

    def at(self, step: str) -> float:
        return self.journey.steps.get(step, 0.0)

    def refusal(self, protocol: str, since: float) -> Refusal | None:
        """The newest one over protocol that nothing good came after."""
        own = (each for each in self.refusals if each.protocol == protocol)
        return next((each for each in own if each.last >= since), None)


@dataclass(frozen=True)
class Talker:
    """An address that somebody may want to follow."""

    address: str
    product: str
    is_guess: bool
    first: float
    last: float
    only_searched: bool

    @property
    def last_at(self) -> datetime:
        return _time(self.last)


def talkers(clock: Clock = SYSTEM_CLOCK) -> list[Talker]:
    """Whoever searched, asked or was refused, newest first."""
    now = clock.now().timestamp()
    ledger = clients.seen().ledger
    products: dict[str, clients.Product] = {}
    for caller in sorted(ledger.callers(now), key=lambda each: each.last):
        named = clients.recognise(caller.agent, caller.operations)
        if named.name:
            products[caller.address] = named
    found: dict[str, Talker] = {}

    def heard(address: str, first: float, last: float, *, only_searched: bool) -> None:
        known = found.get(address)
        product = products.get(address, clients.Product())
        found[address] = Talker(
            address,
            product.name,
            product.is_guess,
            min(first, known.first if known else first),
            max(last, known.last if known else last),
            only_searched and (known is None or known.only_searched),
        )

    for each in ledger.journeys.all(now):
        only = set(each.steps) <= {journeys.SEARCHED}
        heard(each.address, each.first, each.last, only_searched=only)
    for refusal in ledger.refusals(now):
        if refusal.protocol in ("soap", "rtsp"):
            heard(refusal.address, refusal.first, refusal.last, only_searched=False)
    return sorted(found.values(), key=lambda each: -each.last)


def newcomer(found: Iterable[Talker]) -> str:
    """The address of who came last: it is the one that is being added just now; "" for nobody."""
    last = max(found, key=lambda each: (not each.only_searched, each.first), default=None)
    return last.address if last is not None else ""


def read(address: str, clock: Clock = SYSTEM_CLOCK) -> list[Step]:
    """The steps of the client at address; "" is one that was never heard of."""
    return steps(look(address, clock))


def look(address: str, clock: Clock = SYSTEM_CLOCK) -> Seen:
    now = clock.now()
    at = now.timestamp()
    ledger = clients.seen().ledger
    journey = next((each for each in ledger.journeys.all(at) if each.address == address), None)
    refusals = tuple(each for each in ledger.refusals(at) if each.address == address)
    denied = (
        call
        for call in ledger.calls(at)
        if call.address == address and call.username and call.result.endswith(DENIED)
    )
    points = PullPoint.objects.filter(address=address, terminates_at__gt=now)
    names = {each.username for each in refusals}
    slowed = User.objects.filter(username__in=names, slowed_until__gt=now)
    return Seen(
        now=at,
        journey=journey or Journey(address, 0.0, 0.0),
        refusals=refusals,
        denied=next(denied, None),
        subscribed_until=max((each.terminates_at for each in points), default=None),
        slowed_until=max((each.slowed_until for each in slowed if each.slowed_until), default=None),
        rtsp_port=settings.RTSP_PORT,
        # A process that hangs listens on, and answers nobody.
        rtsp_open=bool(protocols.listening(settings.RTSP_PORT)) and presence.away() is None,
        window_s=state.read(AccountSettings).token_window_s,
    )


def steps(seen: Seen) -> list[Step]:
    return [
        _found(seen),
        _time_asked(seen),
        _signed_in(seen),
        _profiles(seen),
        _stream(seen),
        _events(seen),
    ]


def is_complete(found: Iterable[Step]) -> bool:
    return all(step.progress is Progress.DONE for step in found)


def _found(seen: Seen) -> Step:
    def step(progress: Progress, text: str, at: float = 0.0, fix: str = "") -> Step:
        return Step(
            name="found", title="Found", progress=progress, text=text, fix=fix, at=_time_or_none(at)
        )

    searched = seen.at(journeys.SEARCHED)
    if searched:
        return step(Progress.DONE, f"A search from {seen.journey.address} was answered.", searched)
    if seen.journey.steps or seen.refusals:
        return step(Progress.DONE, "It came straight to the address, without a search.")
    return step(
        Progress.WAITING,
        "Let your NVR search for ONVIF devices, or type the address there.",
        fix="A search stays inside one network. From another one, add the device by its address.",
    )


def _time_asked(seen: Seen) -> Step:
    asked, signed_in = seen.at(journeys.ASKED_TIME), seen.at(journeys.SIGNED_IN)

    def step(progress: Progress, text: str, fix: str = "") -> Step:
        return Step(
            name="time",
            title="Asked the time",
            progress=progress,
            text=text,
            fix=fix,
            remedy=Remedy.TIME if fix else Remedy.NONE,
            at=_time_or_none(asked),
        )

    off_s = seen.journey.clock_off_s
    refused = _clock_refusal(seen)
    if refused is not None:
        return step(
            Progress.FAILED,
            f"Its clock is {_apart(off_s)} this device's. More than {seen.window_s} s are not "
            "allowed, so it cannot sign in.",
            "Let both use the same time server.",
        )
    if seen.journey.clock_at and abs(off_s) >= CLOCK_APART_S:
        return step(
            Progress.WARN,
            f"Its clock is {_apart(off_s)} this device's. It gets in, but events and recordings "
            "carry times that differ, and some NVRs refuse such a device.",
            "Let both use the same time server.",
        )
    if seen.journey.clock_at:
        differ = f"Its clock and this device's differ by {abs(off_s):.0f} s."
        agree = "Its clock agrees with this device's."
        return step(Progress.DONE, differ if abs(off_s) >= 1 else agree)
    if asked:
        return step(Progress.DONE, "It knows the time of this device.")
    if signed_in:
        return step(Progress.DONE, "It did not need to ask.")
    return step(Progress.WAITING, "")


def _clock_refusal(seen: Seen) -> Refusal | None:
    found = seen.refusal("soap", seen.at(journeys.SIGNED_IN))
    return found if found is not None and found.reason == Reason.CLOCK_OFF.name else None


def _signed_in(seen: Seen) -> Step:
    at = seen.at(journeys.SIGNED_IN)
    refused = seen.refusal("soap", at)
    if refused is not None:
        if refused.reason == Reason.CLOCK_OFF.name:
            return _sign_in(Progress.WAITING, "It can sign in when the clocks agree.")
        return _refused(refused, seen, name="sign-in", title="Signed in")
    if not at:
        return _sign_in(Progress.WAITING)
    who = seen.journey.username
    if seen.denied is not None and seen.denied.at >= at - OPENS_WITHIN_S:
        return _sign_in(
            Progress.WARN,
            f"Signed in as {who}, but its role does not allow {_plain(seen.denied.operation)}.",
            fix="Give the user a higher role if your NVR needs this.",
            remedy=Remedy.USER,
            username=who,
            at=at,
        )
    return _sign_in(Progress.DONE, f"Signed in as {who}.", at=at)


def _sign_in(
    progress: Progress,
    text: str = "",
    *,
    fix: str = "",
    remedy: Remedy = Remedy.NONE,
    username: str = "",
    at: float = 0.0,
) -> Step:
    return Step(
        name="sign-in",
        title="Signed in",
        progress=progress,
        text=text,
        fix=fix,
        remedy=remedy,
        username=username,
        at=_time_or_none(at),
    )


def _refused(refused: Refusal, seen: Seen, *, name: str, title: str) -> Step:
    said = refusal_words.words(refused.reason, refused.note)
    return Step(
        name=name,
        title=title,
        progress=Progress.FAILED,
        text=said.why,
        fix=said.cure,
        remedy=remedy_of(refused.reason),
        username=refused.username,
        at=_time(refused.last),
        until=seen.slowed_until if refused.reason == Reason.SLOWED_DOWN.name else None,
    )


def _profiles(seen: Seen) -> Step:
    at = seen.at(journeys.ASKED_PROFILES)
    done = "It was told the streams of this device." if at else ""
    return Step(
        name="profiles",
        title="Asked for the profiles",
        progress=Progress.DONE if at else Progress.WAITING,
        text=done,
        at=_time_or_none(at),
    )


def _stream(seen: Seen) -> Step:
    played, asked = seen.at(journeys.PLAYED), seen.at(journeys.ASKED_STREAM)
    knocked = seen.at(journeys.KNOCKED)

    def step(
        progress: Progress, text: str, fix: str = "", at: float = 0.0, remedy: Remedy = Remedy.NONE
    ) -> Step:
        return Step(
            name="rtsp",
            title="Opened RTSP",
            progress=progress,
            text=text,
            fix=fix,
            remedy=remedy,
            at=_time_or_none(at),
        )

    port = seen.rtsp_port
    if not seen.rtsp_open:
        return step(
            Progress.FAILED,
            f"Nothing answers on RTSP port {port} of this device just now.",
            "The streams start again by themselves within seconds. If they do not, another "
            "program may hold the port: end it, or choose another port with RTSP_PORT.",
            remedy=Remedy.DIAGNOSTICS,
        )
    refused = seen.refusal("rtsp", played)
    if refused is not None:
        return _refused(refused, seen, name="rtsp", title="Opened RTSP")
    if played:
        return step(Progress.DONE, f"It played {seen.journey.path}.", at=played)
    if knocked and knocked >= asked:
        if seen.now - knocked < OPENS_WITHIN_S:
            return step(Progress.WAITING, f"It has reached RTSP port {port}.", at=knocked)
        return step(
            Progress.FAILED,
            f"It reached RTSP port {port}, but did not sign in there.",
            "Give it user name and password for the stream too.",
            at=knocked,
        )
    if asked and seen.now - asked >= OPENS_WITHIN_S:
        return step(
            Progress.FAILED,
            f"It was told the address of the stream, but never reached RTSP port {port}.",
            f"Open its picture there. If this stays, let firewalls and routers between the two "
            f"pass TCP port {port}.",
            at=asked,
        )
    return step(Progress.WAITING, f"It will open RTSP port {port}." if asked else "")


def _events(seen: Seen) -> Step:
    at = seen.at(journeys.SUBSCRIBED)

    def step(progress: Progress, text: str, fix: str = "") -> Step:
        return Step(
            name="events",
            title="Subscribed to events",
            progress=progress,
            text=text,
            fix=fix,
            at=_time_or_none(at),
            until=seen.subscribed_until,
        )

    if seen.subscribed_until is not None:
        return step(Progress.DONE, "It hears of motion and everything else that happens.")
    if at:
        return step(
            Progress.WARN,
            "Its subscription has ended.",
            "Switch events or motion for this camera off and on again in your NVR.",
        )
    return step(Progress.WAITING, "Some NVRs only do so when motion by the camera is switched on.")


def _apart(off_s: float) -> str:
    return f"{abs(off_s):.0f} s {'ahead of' if off_s > 0 else 'behind'}"


def _plain(operation: str) -> str:
    return operation.partition(":")[2] or operation


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _time_or_none(at: float) -> datetime | None:
    return _time(at) if at else None
