"""Nonces of HTTP Digest: signed by this process and dated, so that issuing one needs no memory.

Only a nonce that came back with a right answer is remembered, to count its uses: each nc once,
and one use in all for clients without qop.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
import threading
from collections import OrderedDict

LIFE_S = 300.0
KEPT = 4096
# Parallel requests may overtake one another by this many.
WINDOW = 256
_STAMP = struct.Struct(">Q8s")
_MAC_BYTES = 16


class DigestNonces:
    """Safe in any thread. Times are the monotonic clock's seconds."""

    def __init__(self, key: bytes | None = None, *, kept: int = KEPT) -> None:
        self._key = key or secrets.token_bytes(32)
        self._kept = kept
        self._uses: OrderedDict[str, tuple[int, int]] = OrderedDict()  # highest nc, seen below it
        self._floor_ms = -1
        self._lock = threading.Lock()

    def issue(self, now_s: float) -> str:
        stamp = _STAMP.pack(int(now_s * 1000), secrets.token_bytes(8))
        return base64.urlsafe_b64encode(stamp + self._mac(stamp)).decode().rstrip("=")

    def is_live(self, nonce: str, now_s: float) -> bool:
        """Whether we issued nonce, lately."""
        issued_ms = self._issued_ms(nonce)
        if issued_ms is None:
            return False
        with self._lock:
            forgotten = issued_ms <= self._floor_ms and nonce not in self._uses
        return not forgotten and 0 <= now_s * 1000 - issued_ms + 1 <= LIFE_S * 1000

    def use(self, nonce: str, nc: int) -> bool:
        """Whether this is the first use of nc with a live nonce; it is used from now on."""
        with self._lock:
            highest, seen = self._uses.get(nonce, (0, 0))
            if nc > highest:
                highest, seen = nc, ((seen << min(nc - highest, WINDOW)) | 1) & ((1 << WINDOW) - 1)
            else:
                bit = 1 << (highest - nc) if highest - nc < WINDOW else 0
                if not bit or seen & bit:
                    return False
                seen |= bit
            self._uses[nonce] = (highest, seen)
            while len(self._uses) > self._kept:
                forgotten, _ = self._uses.popitem(last=False)
                self._floor_ms = max(self._floor_ms, self._issued_ms(forgotten) or 0)
            return True

    def _issued_ms(self, nonce: str) -> int | None:
        try:
            raw = base64.urlsafe_b64decode(nonce + "=" * (-len(nonce) % 4))
        except (binascii.Error, ValueError):
            return None
        stamp, mac = raw[: _STAMP.size], raw[_STAMP.size :]
        if len(stamp) != _STAMP.size or not hmac.compare_digest(mac, self._mac(stamp)):
            return None
        issued_ms: int = _STAMP.unpack(stamp)[0]
        return issued_ms

    def _mac(self, stamp: bytes) -> bytes:
        return hmac.new(self._key, stamp, hashlib.sha256).digest()[:_MAC_BYTES]
