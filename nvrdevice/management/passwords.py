"""How a command gets a password that was not typed on its line: a prompt, or standard input."""

import getpass
import sys

from nvrdevice.lib.errors import DeviceError, Kind

ASK = "\0ask"  # what an option holds where no value was given


def given(value: str) -> str:
    """A password that exists already: asked for once."""
    return value if value != ASK else _piped() or getpass.getpass("Password: ")


def chosen(value: str) -> str:
    """A new password: asked for twice."""
    if value != ASK:
        return value
    if not sys.stdin.isatty():
        return _piped()
    first = getpass.getpass("New password: ")
    if getpass.getpass("Once more: ") != first:
        raise DeviceError(
            Kind.INVALID, "The two passwords differ: nothing was changed.", field="password"
        )
    return first


def _piped() -> str:
    return "" if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
