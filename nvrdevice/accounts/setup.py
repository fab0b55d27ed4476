"""Whether the password this device was first started with still stands (DESIGN section 6)."""

from dataclasses import dataclass

from django.conf import settings

from nvrdevice.accounts import book, networks


@dataclass(frozen=True)
class Setup:
    bootstrap_password: bool  # it still stands
    username: str  # whose it is
    closed: bool  # NVR_REQUIRE_SETUP: no protocol is open until it is changed


def state() -> Setup:
    for name, entry in book.entries().items():
        if entry.bootstrap_password and entry.active:
            return Setup(
                bootstrap_password=True, username=name, closed=bool(settings.NVR_REQUIRE_SETUP)
            )
    return Setup(bootstrap_password=False, username="", closed=False)


def is_closed() -> bool:
    """Whether no protocol is open yet; asked for every request."""
    return bool(settings.NVR_REQUIRE_SETUP) and state().closed


def may_use_host(host: str) -> bool:
    """Whether a request under this Host is answered: while everybody knows the password, a
    public name may be another site's doing."""
    return not (networks.is_public_name(host) and state().bootstrap_password)


def may_use_bootstrap_password(address: str) -> bool:
    """Everybody knows that password, so only clients nearby may use it."""
    return networks.is_local(address)
