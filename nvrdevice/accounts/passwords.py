"""Password sign-in: web pages and REST.

bcrypt is slow on purpose, so what a protocol sends with every request is compared with the sealed
password, or remembered for some minutes as a keyed digest.
"""

import hashlib
import hmac
import logging
import secrets
import threading
from collections import OrderedDict

from nvrdevice.accounts import gate, hashes, policy, saving, sealing
from nvrdevice.accounts.book import Account, Entry
from nvrdevice.accounts.models import User
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError

log = logging.getLogger(__name__)

REMEMBER_S = 300.0
REMEMBERED_MAX = 256

_key = secrets.token_bytes(32)
_remembered: OrderedDict[bytes, float] = OrderedDict()
_lock = threading.Lock()


def check(
    username: str,
    password: str,
    *,
    address: str,
    protocol: str = "web",
    clock: Clock = SYSTEM_CLOCK,
) -> Account:
    """The account; Refused otherwise. The first sign-in after an import readies ONVIF too."""
    attempt = gate.Try(username, address, protocol, clock)
    # The web pages stay open before setup: the first password is changed there.
    entry = attempt.open_for(even_before_setup=protocol == "web")
    known = entry if entry is not None and entry.active and _is_possible(password) else None
    if known is not None and protocol != "web" and _is_known_right(known, password, clock):
        account = attempt.admit(known)
        # ONVIF access may have come after what is remembered.
        _make_ready(known, password, Actor(account.username, address, protocol))
        return account
    # Counted beforehand: tries at the same time would else all be looked at before one fails.
    attempt.count()
    if not _is_right(known, password):
        raise attempt.refuse_counted(gate.why_wrong(entry, needs_onvif=False))
    attempt.take_back()
    assert known is not None
    account = attempt.admit(known)
    _remember(known, password, clock)
    _make_ready(known, password, Actor(account.username, address, protocol))
    return account


def _is_possible(password: str) -> bool:
    # An imported hash may be of a password that our own policy would not accept.
    return 0 < len(password) <= 4 * policy.PASSWORD_MAX and password.isprintable()


def _is_right(entry: Entry | None, password: str) -> bool:
    if entry is None:
        hashes.burn(gate.NOBODYS_PASSWORD)
        return False
    return hashes.verify(password, entry.password_hash)


def _is_known_right(entry: Entry, password: str, clock: Clock) -> bool:
    if entry.password is not None:
        return gate.is_same(entry.password, password)
    digest = _digest(entry, password)
    with _lock:
        until_s = _remembered.get(digest)
    return until_s is not None and clock.monotonic_s() < until_s


def _remember(entry: Entry, password: str, clock: Clock) -> None:
    with _lock:
        _remembered[_digest(entry, password)] = clock.monotonic_s() + REMEMBER_S
        while len(_remembered) > REMEMBERED_MAX:
            _remembered.popitem(last=False)


def _digest(entry: Entry, password: str) -> bytes:
    # With the hash in it: what was remembered dies with a change of the password.
    text = f"{entry.account.user_id}\0{entry.password_hash}\0{password}"
    return hmac.new(_key, text.encode(), hashlib.sha256).digest()


def _make_ready(entry: Entry, password: str, by: Actor) -> None:
    """Seal the password of a user imported with a hash only, and hash it as we do."""
    needs_seal = entry.account.onvif_access and entry.password is None
    if not needs_seal and hashes.is_current(entry.password_hash):
        return
    encoded = entry.password_hash
    if not hashes.is_current(encoded):
        encoded = hashes.make(password)

    def work() -> None:
        user = User.objects.filter(pk=entry.account.user_id, password=entry.password_hash).first()
        if user is None:  # changed meanwhile
            return
        user.password = encoded
        user.sealed_secret = sealing.seal(password, encoded) if user.onvif_access else None
        user.save(update_fields=["password", "sealed_secret"])

    try:
        saving.save(by, "ready password", [entry.account.username], work)
    except DeviceError as error:  # the sign-in itself is good
        log.warning("%s", error.text)
