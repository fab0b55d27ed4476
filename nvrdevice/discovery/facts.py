"""The responder's facts of the real device: its state files, interfaces and open ports."""

from pathlib import Path

from django.conf import settings

from nvrdevice import state
from nvrdevice.discovery import scopes
from nvrdevice.discovery.responder import Facts, Responder
from nvrdevice.discovery.scopes import Announcement
from nvrdevice.system import identity, interfaces, protocols, tls


def gather() -> Facts:
    """Blocking: reads files and the kernel's tables."""
    told = state.read(Announcement)
    everything = interfaces.list_interfaces()
    announced = interfaces.usable(everything)
    loopback = tuple(each for each in everything if each.loopback and each not in announced)
    secure = tls.mode() == tls.REQUIRED
    port = settings.HTTPS_PORT if secure else settings.SERVICE_PORT
    return Facts(
        discoverable=told.discovery_mode == scopes.DISCOVERABLE,
        endpoint=identity.endpoint(),
        scopes=scopes.everything(),
        port=port,
        secure=secure,
        # An address nobody listens on yet is not announced: the Hello waits for the web server.
        open_on=protocols.listening(port),
        announced=announced,
        # Loopback first: who hears both Hellos on this machine keeps the real address.
        joined=loopback + announced,
        answer_foreign_networks=told.answer_foreign_networks,
    )


def responder() -> Responder:
    """The Responder of this device, for rundevice to start and stop."""
    return Responder(Path(settings.NVR_DATA_DIR), settings.DISCOVERY_PORT, gather)
