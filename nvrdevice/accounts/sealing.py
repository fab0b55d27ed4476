"""The sealed copy of a password, which digests need: it counts only beside its own hash.

A hash that changed by any other road (an edited users.yaml, Django's own changepassword) thereby
ends the old password on ONVIF too, instead of leaving it valid there.
"""

import hashlib
import hmac

from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError

_MARK_LENGTH = 16


def seal(password: str, encoded: str) -> bytes:
    return home.secret_box().seal(_mark(encoded) + password)


def unseal(sealed: bytes | memoryview | None, encoded: str) -> str | None:
    """The password, or None where there is none for this hash or another key sealed it."""
    if not sealed:
        return None
    try:
        text = home.secret_box().open(bytes(sealed))
    except DeviceError:
        return None
    if not hmac.compare_digest(text[:_MARK_LENGTH], _mark(encoded)):
        return None
    return text[_MARK_LENGTH:]


def _mark(encoded: str) -> str:
    return hashlib.sha256(encoded.encode()).hexdigest()[:_MARK_LENGTH]
