"""The Device service (tds): entry point, identity, discovery, network reads, users.

What this machine cannot truly change is not offered, and the capabilities say so.
"""

from onvif_api.services.device import capabilities, network, scopes, system, users
from onvif_api.soap import dispatch

PATH = "/onvif/device_service"  # fixed by Core: clients know it without asking
VERSION = (26, 6)

dispatch.register(dispatch.Service("tds", PATH, VERSION, capabilities.own))

__all__ = ["capabilities", "network", "scopes", "system", "users"]
