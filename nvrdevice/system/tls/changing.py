"""Everything that changes the certificate or the HTTPS mode; one audit row each.

A new certificate, and the mode "required", can shut everybody out: they are taken back by
themselves unless somebody who came over HTTPS keeps them in time.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.lib import home
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import protocols
from nvrdevice.system.tls import checking, making, pending, shelf
from nvrdevice.system.tls.mode import OFF, REQUIRED, TlsSettings, mode
from nvrdevice.system.tls.pair import Facts, Key, Pair, facts_of
from nvrdevice.system.tls.pending import Pending

log = logging.getLogger(__name__)

RENEWED_BEFORE = timedelta(days=45)  # a certificate that renews itself never gets to the warning


def ensure(clock: Clock = SYSTEM_CLOCK) -> None:
    """Have a certificate that works: the one shown, the last one that did, or a new one."""
    with shelf.locked():
        shown = shelf.current()
        for name in dict.fromkeys(filter(None, (shown, *shelf.names()))):
            try:
                shelf.load(name)
            except DeviceError as error:
                log.error("%s Another one takes its place.", error.text)
                continue
            if name != shown:
                _show(name, trail.DEVICE, "go back to a certificate")
            return
        pair = making.self_signed(making.own_names(), making.own_addresses(), clock.now())
        name = shelf.put(pair, shelf.OWN, clock.now())
        _show(name, trail.DEVICE, "make certificate")


def renew(*, by: Actor, clock: Clock = SYSTEM_CLOCK) -> Facts:
    """A new self-signed certificate for the names and addresses this machine has now."""
    pair = making.self_signed(making.own_names(), making.own_addresses(), clock.now())
    return _replace(pair, shelf.OWN, "renew certificate", by, clock)


def renew_when_due(clock: Clock = SYSTEM_CLOCK) -> bool:
    """The device renews what it made itself; whether it did. Nobody is there to keep it."""
    with shelf.locked():
        now = clock.now()
        shown = shelf.facts()
        if not shown.own or (shown.since <= now < shown.until - RENEWED_BEFORE) or pending.read():
            return False
        pair = making.self_signed(making.own_names(), making.own_addresses(), now)
        before = shelf.current()
        _show(shelf.put(pair, shelf.OWN, now), trail.DEVICE, "renew certificate")
        shelf.sweep(before)
        return True


def upload(
    chain: bytes, key: bytes = b"", passphrase: str = "", *, by: Actor, clock: Clock = SYSTEM_CLOCK
) -> Facts:
    """A certificate in PEM; without a key it must fit one this device has."""
    pair = checking.from_pem(chain, key, passphrase, now=clock.now(), known=_known_keys())
    return _replace(pair, shelf.GIVEN, "upload certificate", by, clock)


def upload_pkcs12(data: bytes, passphrase: str, *, by: Actor, clock: Clock = SYSTEM_CLOCK) -> Facts:
    pair = checking.from_pkcs12(data, passphrase, now=clock.now())
    return _replace(pair, shelf.GIVEN, "upload certificate", by, clock)


def request() -> bytes:
    """A signing request for the key shown now, with the names of now."""
    pair = shelf.load(shelf.current())
    return making.request(pair, making.own_names(), making.own_addresses())


def set_mode(
    wanted: str,
    *,
    by: Actor,
    clock: Clock = SYSTEM_CLOCK,
    listens: Callable[[int], object] = protocols.listening,
) -> None:
    """Switch HTTPS; "required" only where HTTPS works already, and only on trial."""
    with shelf.locked():
        before = mode()
        if wanted == before:
            return
        _refuse_while_pending(clock)
        if wanted == REQUIRED:
            if not listens(settings.HTTPS_PORT):
                raise DeviceError(
                    Kind.UNAVAILABLE,
                    f"HTTPS does not answer on port {settings.HTTPS_PORT} yet: choose optional "
                    "first, and see that it can be opened.",
                    field="https",
                )
            pending.write(Pending(what=pending.MODE, back_to=before, since=clock.now()))
        try:
            _save_mode(wanted, by, "set HTTPS mode")
        except BaseException:
            pending.clear()
            raise


def keep(*, by: Actor, secure: bool, clock: Clock = SYSTEM_CLOCK) -> None:
    """Confirm the change on trial; secure: who asks came over HTTPS, which proves it."""
    with shelf.locked():
        change = _pending_now(clock)
        if not secure:
            raise DeviceError(
                Kind.CONFLICT, "Open this page over HTTPS to keep the change: that proves it works."
            )
        with transaction.atomic():
            trail.record(by, "keep change", _object(change))
            pending.clear()
        shelf.sweep(change.back_to)


def undo(*, by: Actor, clock: Clock = SYSTEM_CLOCK) -> None:
    """Take the change on trial back at once."""
    with shelf.locked():
        _take_back(_pending_now(clock), by)


def settle(clock: Clock = SYSTEM_CLOCK) -> bool:
    """Take back what nobody kept in time; whether there was something."""
    if pending.read() is None:
        return False
    with shelf.locked():
        change = pending.read()
        if change is None or change.left_s(clock.now()) > 0:
            return False
        log.warning("Nobody kept the new %s over HTTPS: it is taken back.", _object(change))
        _take_back(change, trail.DEVICE)
        return True


def _replace(pair: Pair, who: str, action: str, by: Actor, clock: Clock) -> Facts:
    with shelf.locked():
        _refuse_while_pending(clock)
        before = shelf.current()
        name = shelf.put(pair, who, clock.now())
        on_trial = bool(before) and mode() != OFF  # with HTTPS off nobody could keep it
        if on_trial:
            change = Pending(what=pending.CERTIFICATE, back_to=before, since=clock.now())
            pending.write(change)
        try:
            _show(name, by, action)
        except BaseException:
            pending.clear()
            raise
        shelf.sweep(before)
        return facts_of(pair.leaf, own=who == shelf.OWN)


def _show(name: str, by: Actor, action: str) -> None:
    """Show it, with its row: both come about or neither."""
    with transaction.atomic():
        trail.record(by, action, "HTTPS", before=_words(shelf.current()), after=_words(name))
        shelf.show(name)
    home.ring("certificate")


def _words(name: str) -> dict[str, str] | None:
    try:
        found = shelf.facts(name) if name else None
    except DeviceError:
        return {"state": "unreadable"}
    if found is None:
        return None
    until = found.until.isoformat(timespec="seconds")
    return {"subject": found.subject, "fingerprint": found.fingerprint, "until": until}


def _save_mode(wanted: str, by: Actor, action: str) -> None:
    state.update(
        TlsSettings,
        lambda now: replace(now, https=wanted),
        trail.noting(by, action, trail.differences("HTTPS")),
    )


def _take_back(change: Pending, by: Actor) -> None:
    if change.what == pending.MODE:
        _save_mode(change.back_to, by, "take back change")
    elif change.back_to != shelf.current() and change.back_to in shelf.names():
        _show(change.back_to, by, "take back change")
    pending.clear()


def _pending_now(clock: Clock) -> Pending:
    change = pending.read()
    if change is None or change.left_s(clock.now()) <= 0:
        raise DeviceError(
            Kind.CONFLICT, "There is nothing to keep: the change was kept or taken back already."
        )
    return change


def _refuse_while_pending(clock: Clock) -> None:
    change = pending.read()
    if change is not None:
        raise DeviceError(
            Kind.CONFLICT,
            f"The new {_object(change)} waits to be kept: keep it or take it back first.",
        )


def _object(change: Pending) -> str:
    return "HTTPS mode" if change.what == pending.MODE else "certificate"


def _known_keys() -> list[Key]:
    found = []
    for name in shelf.names():
        try:
            found.append(shelf.key(name))
        except DeviceError:
            continue
    return found
