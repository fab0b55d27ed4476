"""Where HTTPS is required: what came without it, and the address it should come to instead."""

from django.conf import settings

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system.tls import pending
from nvrdevice.system.tls.mode import REQUIRED, mode


def is_missed(*, secure: bool) -> bool:
    """Whether a request is to be sent away because it came over plain HTTP."""
    return not secure and mode() == REQUIRED


def is_settled() -> bool:
    """Required, and no longer on trial: browsers may remember it."""
    return mode() == REQUIRED and pending.read() is None


def base(host: str) -> str:
    """The same host, as it stands in an address, over HTTPS."""
    port = settings.HTTPS_PORT
    return f"https://{host}" if port == 443 else f"https://{host}:{port}"


def refusal(host: str, path: str) -> DeviceError:
    return DeviceError(
        Kind.FORBIDDEN,
        f"This device is asked over HTTPS only: {base(host)}{path}",
        subcode="NotAuthorized",
    )
