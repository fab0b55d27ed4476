"""WS-UsernameToken (Core 5.9.4.6): the digest form, and readable text where it is allowed.

PasswordDigest = Base64(SHA-1(nonce + created + password)). A token without nonce or created is
refused, as is one used before or made outside the clock window.
"""

import base64
import binascii
import functools
import hashlib
import hmac
import logging
from collections.abc import Callable

from django.conf import settings

from nvrdevice import clients, state
from nvrdevice.accounts import clock_window, gate
from nvrdevice.accounts.book import Account
from nvrdevice.accounts.nonces import NonceMemory
from nvrdevice.accounts.refusals import Reason
from nvrdevice.accounts.settings import AccountSettings
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock

log = logging.getLogger(__name__)

NONCE_MAX = 256  # characters of Base64
# Longer than any window that can be set, so that a wider one later finds every old token.
REMEMBER_S = 2 * 3600
LENIENT_REMEMBER_S = 86_400


def verify(
    username: str,
    password_digest_b64: str,
    nonce_b64: str,
    created: str,
    *,
    address: str,
    protocol: str = "soap",
    clock: Clock = SYSTEM_CLOCK,
) -> Account:
    """The account that made the token; Refused otherwise."""
    attempt = gate.Try(username, address, protocol, clock)
    _refuse_where_off(attempt, protocol)
    entry = attempt.open_for()
    digest = _decode(password_digest_b64)
    nonce = _decode(nonce_b64)
    moment = clock_window.parse(created)
    if not nonce or moment is None or digest is None:
        missing = "Nonce" if not nonce else "Created" if moment is None else "Password"
        raise attempt.refuse(
            Reason.MALFORMED,
            f"The UsernameToken has no valid {missing}.",
            note=f"UsernameToken without a valid {missing}",
        )
    password = gate.digest_password(entry)
    right = hashlib.sha1(  # what the standard asks for
        nonce + created.encode() + password.encode(), usedforsecurity=False
    ).digest()
    if not hmac.compare_digest(right, digest) or entry is None or entry.password is None:
        raise attempt.refuse(gate.why_wrong(entry))
    now = clock.now()
    clients.note_clock(address, (moment - now).total_seconds(), clock=clock)
    off_s = clock_window.off_s(moment, now)
    if off_s:
        raise attempt.refuse(
            Reason.CLOCK_OFF,
            f"The client's clock is {_apart(off_s)}: set it by GetSystemDateAndTime.",
            note=f"clock off by {off_s:+.0f} s",
        )
    keep_s = REMEMBER_S if clock_window.is_trusted() else LENIENT_REMEMBER_S
    now_s, created_s = now.timestamp(), moment.timestamp()
    # The digest itself is the key: it covers nonce and created however they are cut or written.
    if not _memory().remember(
        right,
        user_id=entry.account.user_id,
        created=created_s,
        expires=max(now_s, created_s) + keep_s,
        now=now_s,
    ):
        raise attempt.refuse(Reason.REPLAY)
    return attempt.admit(entry)


def verify_text(
    username: str,
    password: str,
    *,
    address: str,
    secure: bool,
    protocol: str = "soap",
    clock: Clock = SYSTEM_CLOCK,
) -> Account:
    """The account; over plain HTTP only where a setting allows readable passwords."""
    attempt = gate.Try(username, address, protocol, clock)
    _refuse_where_off(attempt, protocol)
    if not secure and not state.read(AccountSettings).allow_password_text:
        raise attempt.refuse(Reason.PLAIN_TEXT)
    entry = attempt.open_for()
    # Compared with the sealed password: bcrypt would hold up every other request.
    if not gate.is_same(gate.digest_password(entry), password) or entry is None:
        raise attempt.refuse(gate.why_wrong(entry))
    if not secure:
        _say_readable(username, address)
    return attempt.admit(entry)


def is_accepted() -> bool:
    """Whether ONVIF clients may sign in by token at all."""
    return state.read(AccountSettings).allow_username_token


def _refuse_where_off(attempt: gate.Try, protocol: str) -> None:
    """The setting is about ONVIF: the token in the header of REST is another thing."""
    if protocol == "soap" and not is_accepted():
        raise attempt.refuse(Reason.TOKEN_OFF)


def _decode(text: str) -> bytes | None:
    """Base64 as clients send it: broken into lines, without padding, or in the URL's alphabet."""
    if len(text) > NONCE_MAX:
        return None
    try:
        return binascii.a2b_base64(text, strict_mode=True)  # as nearly all of them do
    except ValueError:
        pass
    plain = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _apart(off_s: float) -> str:
    return f"{abs(off_s):.0f} s {'ahead of' if off_s > 0 else 'behind'} this device's"


@functools.lru_cache(maxsize=64)
def _say_readable(username: str, address: str) -> None:
    """Once for each user and address."""
    log.warning(
        "user=%r address=%s sends a readable password over plain HTTP: a setting allows it.",
        username,
        address,
    )


def gather(soon: Callable[[Callable[[], None]], object]) -> None:
    """See NonceMemory.gather."""
    _memory().gather(soon)


@functools.cache
def _memory() -> NonceMemory:
    return NonceMemory(settings.NVR_DATA_DIR / "nonces.txt", now=SYSTEM_CLOCK.now().timestamp())
