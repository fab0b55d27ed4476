"""HTTP Digest (Core 5.9.1): SHA-256 (RFC 7616) and MD5 (RFC 2617), also without qop (RFC 2069).

The answer is checked first and the nonce after: a right answer to a nonce that is too old is
"stale", and the client tries again by itself instead of asking somebody for a password.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from nvrdevice.accounts import REALM, authorization, gate
from nvrdevice.accounts.authorization import Digest
from nvrdevice.accounts.book import Account
from nvrdevice.accounts.digest_nonces import DigestNonces
from nvrdevice.accounts.refusals import Reason
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock

_nonces = DigestNonces()
_NC = re.compile(r"[0-9a-fA-F]{8}")
URI_MAX = 2048


def _md5(text: bytes) -> str:
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


# SHA-256 first and MD5 last: ffmpeg takes the last challenge it reads and knows MD5 only.
HASHES: dict[str, Callable[[bytes], str]] = {"SHA-256": _sha256, "MD5": _md5}


def challenges(*, stale: bool = False, clock: Clock = SYSTEM_CLOCK) -> list[str]:
    """The WWW-Authenticate values, one a header line, in this order."""
    nonce = _nonces.issue(clock.monotonic_s())
    end = ", stale=true" if stale else ""
    return [
        f'Digest realm="{REALM}", qop="auth", algorithm={name}, nonce="{nonce}"{end}'
        for name in HASHES
    ]


def verify(
    authorization_header: str,
    method: str,
    uri: str,
    *,
    address: str,
    protocol: str = "soap",
    clock: Clock = SYSTEM_CLOCK,
) -> Account:
    """The account behind the header; Refused otherwise. uri is the request target as received."""
    digest = authorization.read(authorization_header)
    attempt = gate.Try(digest.username if digest else "", address, protocol, clock)
    entry = attempt.open_for()
    if digest is None or digest.realm != REALM or digest.algorithm not in HASHES:
        raise attempt.refuse(
            Reason.MALFORMED,
            "The Authorization header is no answer to this device's challenge.",
            note="Authorization header that answers no challenge of ours",
        )
    if digest.qop not in ("", "auth") or (
        digest.qop and (not _NC.fullmatch(digest.nc) or not digest.cnonce)
    ):
        raise attempt.refuse(
            Reason.MALFORMED,
            "The Authorization header needs qop=auth with nc and cnonce.",
            note="Authorization header without qop=auth, nc and cnonce",
        )
    if not is_right(digest, method, gate.digest_password(entry)) or entry is None:
        raise attempt.refuse(gate.why_wrong(entry))
    if not _is_same(digest.uri, uri):
        raise attempt.refuse(Reason.WRONG_URI)
    if not _nonces.is_live(digest.nonce, clock.monotonic_s()):
        raise attempt.refuse(Reason.STALE_NONCE)
    if not digest.qop:
        # Without a counter a repeated message looks like a new one: one use, then a new nonce.
        if not _nonces.use(digest.nonce, 1):
            raise attempt.refuse(Reason.STALE_NONCE)
    elif not _nonces.use(digest.nonce, int(digest.nc, 16)):
        raise attempt.refuse(Reason.REPLAY)
    return attempt.admit(entry)


def is_right(digest: Digest, method: str, password: str) -> bool:
    """Whether the answer was made with this password, to whatever nonce."""
    make = HASHES[digest.algorithm]
    end = f":{digest.nonce}:"
    if digest.qop:
        end += f"{digest.nc}:{digest.cnonce}:{digest.qop}:"
    end += make(_sent(f"{method}:{digest.uri}"))
    response = digest.response.encode("utf-8", "surrogatepass")
    right = False
    for secret in _encodings(f"{digest.username}:{REALM}:{password}"):
        answer = make(make(secret).encode() + _sent(end))
        right |= hmac.compare_digest(answer.encode(), response)
    return right


def _encodings(text: str) -> list[bytes]:
    # Old clients take Latin-1 for letters like ü. Never "replace" what it lacks: "???" would do.
    try:
        return [text.encode(), text.encode("latin-1")]
    except UnicodeEncodeError:
        return [text.encode("utf-8", "surrogatepass")] * 2


def _sent(text: str) -> bytes:
    """What came in a header goes into the hash as the very bytes that were sent."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _is_same(claimed: str, requested: str) -> bool:
    """Whether the digest's uri is the request's; clients behind a proxy send the absolute form."""
    if len(claimed) > URI_MAX:
        return False
    if not claimed.startswith("/") and "://" in claimed:
        try:
            parts = urlsplit(claimed)
        except ValueError:  # "http://[": no address at all
            return False
        claimed = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return claimed == requested or unquote(claimed) == unquote(requested)
