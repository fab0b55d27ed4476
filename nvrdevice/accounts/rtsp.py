"""Who may open a stream: HA1 values for the RTSP server's own digest check (MD5, RFC 2617).

That server tells nobody who failed and why, so each answer to its challenge is looked at here
first: counted, slowed down and noted by the same rule as on every other face.
"""

import hashlib
from dataclasses import dataclass

from nvrdevice.accounts import REALM, authorization, book, gate, http_digest, setup
from nvrdevice.accounts.authorization import Digest
from nvrdevice.accounts.book import Account
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.refusals import Reason
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock


@dataclass(frozen=True)
class RtspLogin:
    username: str
    ha1_md5: str
    level: Level
    local_only: bool = False  # the first password: for loopback, private and link-local clients

    def __repr__(self) -> str:
        return f"RtspLogin({self.username!r}, {self.level!r})"


def logins() -> list[RtspLogin]:
    """All users with ONVIF access whose password is known; nobody while setup is required."""
    if setup.state().closed:
        return []
    return [
        RtspLogin(
            name, ha1_md5(name, entry.password), entry.account.level, entry.bootstrap_password
        )
        for name, entry in book.entries().items()
        if entry.active and entry.password is not None and entry.account.level > Level.ANONYMOUS
    ]


def read(authorization_header: str) -> Digest | None:
    """An answer to the RTSP server's challenge; None for what that server is not to look at.

    It reads less exactly than we do, and nothing of realm, algorithm or a second way to write a
    name: what it took for an answer and we did not would be a guess that nobody counts.
    """
    digest = authorization.read(authorization_header)
    if digest is None or digest.realm != REALM or digest.algorithm != "MD5":
        return None
    return None if "username*" in authorization_header.lower() else digest


def check(
    authorization_header: str, method: str, *, address: str, clock: Clock = SYSTEM_CLOCK
) -> Account:
    """The account behind an answer to the RTSP server's challenge; Refused otherwise.

    The nonce is the server's own matter: an old one is answered by a new challenge.
    """
    digest = read(authorization_header)
    attempt = gate.Try(digest.username if digest else "", address, "rtsp", clock)
    entry = attempt.open_for()
    if digest is None:
        raise attempt.refuse(
            Reason.MALFORMED,
            "The Authorization header is no answer to this device's challenge.",
            note="Authorization header that answers no challenge of ours",
        )
    if not http_digest.is_right(digest, method, gate.digest_password(entry)) or entry is None:
        raise attempt.refuse(gate.why_wrong(entry))
    return attempt.admit(entry)


def is_slowed_down(address: str) -> bool:
    """Whether a new connection of this address is turned away; noted where it is."""
    if not gate.address_wait_s(address):
        return False
    gate.Try("", address, "rtsp").refuse(Reason.SLOWED_DOWN)
    return True


def ha1_md5(username: str, password: str) -> str:
    # MD5 is what RTSP clients and gst-rtsp-server speak.
    text = f"{username}:{REALM}:{password}".encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest()
