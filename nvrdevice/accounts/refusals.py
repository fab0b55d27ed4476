"""Why somebody was not let in: a reason for the log and the pages, a sentence for the client.

A client that did not prove the password hears the same sentence whatever was wrong, so that
nobody can find out which users there are. Each refused guess is logged once, without secrets;
what costs a client nothing to repeat is logged once in a while, or it would wash the log away.
"""

import enum
import logging
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime

from nvrdevice import clients
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind

log = logging.getLogger(__name__)

KEPT = 256
REPEAT_S = 10.0
REPEATS_KEPT = 1024
SHOWN = 64  # characters of a user name that a log line repeats


class Reason(enum.Enum):
    UNKNOWN_USER = "unknown user"
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - a reason, no secret
    SWITCHED_OFF = "the account is switched off"
    NO_ONVIF_ACCESS = "the account has no ONVIF access"
    WAITING_FOR_PASSWORD = "waiting for password: sign in to the web pages once"  # noqa: S105
    CLOCK_OFF = "clock off"
    REPLAY = "replay: this message was used before"
    STALE_NONCE = "the nonce is too old"
    MALFORMED = "the credentials are not complete"
    WRONG_URI = "the digest is for another address"
    SLOWED_DOWN = "slowed down after failed tries"
    PLAIN_TEXT = "readable password over plain HTTP"
    TOKEN_OFF = "WS-UsernameToken is switched off"  # noqa: S105 - a reason, no secret
    SETUP_REQUIRED = "setup required: the first password was not changed yet"
    FOREIGN_NETWORK = "the first password from a foreign network"


# A guess of a password or a name; only these slow down further tries.
GUESSES = frozenset(
    {
        Reason.UNKNOWN_USER,
        Reason.WRONG_PASSWORD,
        Reason.SWITCHED_OFF,
        Reason.NO_ONVIF_ACCESS,
        Reason.WAITING_FOR_PASSWORD,
    }
)
WRONG = "The user name or the password is wrong."
TEXTS = {
    Reason.REPLAY: "This message was used before: make a new nonce for each request.",
    Reason.STALE_NONCE: "The nonce is too old: answer the new challenge.",
    Reason.WRONG_URI: "The digest was made for another address than the one requested.",
    Reason.PLAIN_TEXT: "A readable password is not accepted over plain HTTP: use PasswordDigest.",
    Reason.TOKEN_OFF: "This device does not accept WS-UsernameToken: use HTTP Digest.",
    Reason.SETUP_REQUIRED: (
        "This device is not set up yet: open it in a browser and change the first password."
    ),
    Reason.FOREIGN_NETWORK: (
        "The first password works from nearby networks only: change it from there."
    ),
}


class Refused(DeviceError):
    """Somebody was not let in.

    stale: HTTP Digest only; answer with challenges(stale=True) and the client tries again
        without asking anybody for a password.
    """

    def __init__(self, reason: Reason, text: str = "", *, note: str = "", wait_s: int = 0) -> None:
        super().__init__(
            Kind.UNAUTHENTICATED, text or TEXTS.get(reason, WRONG), subcode="NotAuthorized"
        )
        self.reason = reason
        self.note = note or reason.value
        self.wait_s = wait_s

    @property
    def stale(self) -> bool:
        return self.reason is Reason.STALE_NONCE


@dataclass(frozen=True)
class Refusal:
    """One refusal as pages list it."""

    at: datetime
    username: str
    address: str
    protocol: str
    reason: Reason
    note: str


_recent: deque[Refusal] = deque(maxlen=KEPT)
_told: OrderedDict[tuple[Reason, str, str], tuple[float, int]] = OrderedDict()


def note(
    refused: Refused, username: str, address: str, protocol: str, *, clock: Clock = SYSTEM_CLOCK
) -> None:
    """Log a refusal and keep it for the pages."""
    shown = username[:SHOWN]
    unsaid = 0
    if refused.reason not in GUESSES:
        again = _repeats((refused.reason, shown, address), clock.monotonic_s())
        if again is None:
            return
        unsaid = again
    _recent.append(Refusal(clock.now(), shown, address, protocol, refused.reason, refused.note))
    if not refused.stale:
        clients.note_refusal(
            refused.reason.name,
            username=shown,
            address=address,
            protocol=protocol,
            note=refused.note,
            clock=clock,
        )
    # A nonce that grew old is the protocol at work, nothing to worry about.
    level = logging.DEBUG if refused.stale else logging.WARNING
    more = f" (and {unsaid} times before)" if unsaid else ""
    log.log(
        level, "refused %s user=%r address=%s: %s%s", protocol, shown, address, refused.note, more
    )


def _repeats(key: tuple[Reason, str, str], now_s: float) -> int | None:
    """How often this was not said since the last time; None where it is not said now either."""
    said_s, unsaid = _told.get(key, (-REPEAT_S, 0))
    if now_s - said_s < REPEAT_S:
        _told[key] = (said_s, unsaid + 1)
        return None
    _told[key] = (now_s, 0)
    _told.move_to_end(key)
    while len(_told) > REPEATS_KEPT:
        _told.popitem(last=False)
    return unsaid


def recent() -> tuple[Refusal, ...]:
    """The last refusals of this process, newest first."""
    return tuple(reversed(_recent))
