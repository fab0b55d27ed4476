"""Who runs a command, for the audit trail."""

import getpass

from nvrdevice.audit.trail import Actor


def actor() -> Actor:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a user id without a name
        name = ""
    return Actor(username=name, address="", protocol="cli")
