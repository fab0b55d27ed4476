"""Who may open a stream: HA1 values for the RTSP server's own digest check (MD5, RFC 2617)."""

import hashlib
from dataclasses import dataclass

from nvrdevice.accounts import REALM, book, setup
from nvrdevice.accounts.levels import Level


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


def ha1_md5(username: str, password: str) -> str:
    # MD5 is what RTSP clients and gst-rtsp-server speak.
    text = f"{username}:{REALM}:{password}".encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest()
