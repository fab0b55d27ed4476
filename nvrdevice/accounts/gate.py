"""What every sign-in goes through, whatever the protocol: setup, slow-down, reasons, network.

A protocol module asks open_for() first, proves the password its own way, and ends with admit()
or raises what refuse() gives it.
"""

import hashlib
import hmac
import math
import secrets

from nvrdevice.accounts import book, hearsay, last_use, networks, refusals, setup, standing
from nvrdevice.accounts.book import Account, Entry
from nvrdevice.accounts.refusals import GUESSES, Reason, Refused
from nvrdevice.accounts.slow_down import SlowDown
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock

slow_down = SlowDown()
# Stands in for the password of a user there is not: the same work, and never right.
NOBODYS_PASSWORD = secrets.token_hex(16)


class Try:
    """One attempt to get in."""

    def __init__(
        self, username: str, address: str, protocol: str, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self.username = username
        self.address = address
        self.protocol = protocol
        self.clock = clock
        self._client = networks.one_client(address)
        # A name longer than any user's still counts, but needs no more memory than one.
        self._name = username[:128]

    def open_for(self, *, even_before_setup: bool = False) -> Entry | None:
        """The user named, None if there is none; Refused where no try is looked at now."""
        if not even_before_setup and setup.is_closed():
            raise self.refuse(Reason.SETUP_REQUIRED)
        wait_s = slow_down.wait_s(self._name, self._client, self.clock.monotonic_s())
        if wait_s > 0:
            whole_s = math.ceil(wait_s)
            raise self.refuse(
                Reason.SLOWED_DOWN,
                f"Too many failed tries from this address: try again in {whole_s} s.",
                wait_s=whole_s,
            )
        return book.entry(self.username)

    def refuse(self, reason: Reason, text: str = "", *, note: str = "", wait_s: int = 0) -> Refused:
        """Log, count if it was a guess, and give back what to raise."""
        if reason in GUESSES:
            self.count()
        return self.refuse_counted(reason, text, note=note, wait_s=wait_s)

    def refuse_counted(
        self, reason: Reason, text: str = "", *, note: str = "", wait_s: int = 0
    ) -> Refused:
        """The same for a try that was counted before it was looked at."""
        refused = Refused(reason, text, note=note, wait_s=wait_s)
        refusals.note(refused, self.username, self.address, self.protocol, clock=self.clock)
        return refused

    def count(self) -> None:
        """Count a wrong try."""
        now_s = self.clock.monotonic_s()
        failures, wait_s = slow_down.failed(self._name, self._client, now_s)
        hearsay.failed(self._name, self._client)
        if book.entry(self.username) is not None:
            standing.failed(self.username, failures, wait_s, self.clock.now())

    def take_back(self) -> None:
        """Undo one count()."""
        slow_down.refund(self._name, self._client)
        hearsay.taken_back(self._name, self._client)

    def admit(self, entry: Entry) -> Account:
        """Let in who proved the password of entry, unless the first password came from afar."""
        if entry.bootstrap_password and not setup.may_use_bootstrap_password(self.address):
            raise self.refuse(Reason.FOREIGN_NETWORK)
        now_s = self.clock.monotonic_s()
        if slow_down.succeeded(self._name, self._client, now_s):
            standing.forgiven(self.username)
        hearsay.right(self._name, self._client, now_s)
        last_use.note(self.username, self.protocol, self.clock)
        return entry.account


def share() -> None:
    """Count in this process what the others tell of tries; once, at its start."""
    hearsay.listen(lambda: slow_down, SYSTEM_CLOCK.monotonic_s)


def address_wait_s(address: str, clock: Clock = SYSTEM_CLOCK) -> float:
    """How long a new connection of this address is not looked at."""
    return slow_down.address_wait_s(networks.one_client(address), clock.monotonic_s())


def digest_password(entry: Entry | None) -> str:
    """What a digest is checked against; nobody's password where there is none to check."""
    if entry is None or not entry.active or entry.password is None:
        return NOBODYS_PASSWORD
    return entry.password


def is_same(right: str, given: str) -> bool:
    """Whether two passwords are the same, in a time that tells neither content nor length."""
    first, second = (
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (right, given)
    )
    return hmac.compare_digest(first, second)


def why_wrong(entry: Entry | None, *, needs_onvif: bool = True) -> Reason:
    """The reason why the proof did not hold."""
    if entry is None:
        return Reason.UNKNOWN_USER
    if not entry.active:
        return Reason.SWITCHED_OFF
    if needs_onvif and not entry.account.onvif_access:
        return Reason.NO_ONVIF_ACCESS
    if needs_onvif and entry.password is None:
        return Reason.WAITING_FOR_PASSWORD
    return Reason.WRONG_PASSWORD
