"""Who may play over RTSP: gst-rtsp-server's Digest, fed with HA1 of the same accounts.

Clear passwords are never needed. Every user has a token of its own, so that one can be cut off.
"""

import os
from collections.abc import Iterable
from typing import Any, Protocol

from nvrdevice.media.engine.gst import Gst, GstRtsp, GstRtspServer
from nvrdevice.media.engine.rtsp_methods import RtspAuth

ROLE = "viewer"
PERMISSIONS = f"{ROLE},media.factory.access=(boolean)true,media.factory.construct=(boolean)true"


class Login(Protocol):
    """What accounts.rtsp knows of a user; level 1 and above may view."""

    @property
    def username(self) -> str: ...
    @property
    def ha1_md5(self) -> str: ...
    @property
    def level(self) -> int: ...
    @property
    def local_only(self) -> bool:
        """Whether only loopback, private and link-local addresses may use it."""
        ...


class RtspLogins:
    def __init__(self, realm: str) -> None:
        self._realm = realm
        self._local_only: frozenset[str] = frozenset()
        self._known: dict[str, tuple[str, int]] = {}
        # The server does not hold a reference to tokens, so they are kept for good.
        self._tokens: list[Any] = []
        self.auth = RtspAuth()
        self.auth.set_realm(realm)
        self.auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)  # never Basic

    def apply(self, logins: Iterable[Login]) -> set[str]:
        """These users from now on; the names whose running sessions must end."""
        able = [one for one in logins if one.level >= 1]
        wanted = {one.username: (one.ha1_md5, int(one.level)) for one in able}
        self._local_only = frozenset(one.username for one in able if one.local_only)
        cut: set[str] = set()
        for name, (ha1, level) in list(self._known.items()):
            now = wanted.get(name)
            if now is None or now[0] != ha1 or now[1] < level:
                cut.add(name)
            if now is None or now[0] != ha1:
                self.auth.remove_digest(name)
                del self._known[name]
        for name, (ha1, level) in wanted.items():
            if name not in self._known:
                self._add(name, ha1)
            self._known[name] = ha1, level
        return cut

    def is_local_only(self, username: str) -> bool:
        return username in self._local_only

    def _add(self, name: str, ha1: str) -> None:
        token = GstRtspServer.RTSPToken.new()
        token.set_string("media.factory.role", ROLE)
        token.set_string("username", name)
        self._tokens.append(token)
        # The server reads htdigest from files only; this one never reaches a disk.
        handle = os.memfd_create("htdigest")
        try:
            os.write(handle, f"{name}:{self._realm}:{ha1}\n".encode())
            self.auth.parse_htdigest(f"/proc/self/fd/{handle}", token)
        finally:
            os.close(handle)


def allow_viewers(factory: Any) -> None:
    factory.add_role_from_structure(Gst.Structure.new_from_string(PERMISSIONS))


def username(token: Any) -> str:
    return (token.get_string("username") or "") if token is not None else ""
