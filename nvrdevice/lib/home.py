"""What every process of this device shares: its secret box, its run folder, its doorbells."""

import functools

from django.conf import settings

from nvrdevice.lib.doorbell import Bell, Ringer
from nvrdevice.lib.party_line import PartyLine
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.lib.secret_box import SecretBox


@functools.cache
def secret_box() -> SecretBox:
    return SecretBox(settings.NVR_SECRET_DIR)


@functools.cache
def run_sockets() -> RunSockets:
    return RunSockets(settings.NVR_RUN_DIR)


@functools.cache
def ringer() -> Ringer:
    return Ringer(run_sockets())


def ring(what: str) -> None:
    """Tell every process of this device to look at what changed."""
    ringer().ring(what)


@functools.cache
def line() -> PartyLine:
    """What this process says to the others, and hears from them once it listens."""
    return PartyLine(run_sockets())


def bell(process: str) -> Bell:
    """The bell of this process ("web", "media", "device"); one thread waits on it."""
    return Bell(run_sockets(), process)
