"""Telling the service manager how we are: sd_notify(3) without its library.

Without NOTIFY_SOCKET nothing is sent. The heart beat must come from the loop that does the
process's work, so that one that hangs is noticed and started anew.
"""

import os
import socket

READY = "READY=1"
STOPPING = "STOPPING=1"
ALIVE = "WATCHDOG=1"
# What a child must not inherit: it would speak for us.
VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


def tell(state: str) -> bool:
    """Was it sent? A manager that does not listen is no reason to fail."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address[:1] not in ("/", "@"):
        return False
    if address[0] == "@":  # Linux's abstract names
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
            line.sendto(state.encode(), address)
    except OSError:
        return False
    return True


def beat_s() -> float | None:
    """How often ALIVE is due, half of what the manager allows; None where it does not watch."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    allowed = os.environ.get("WATCHDOG_USEC", "")
    if not allowed.isdigit() or int(allowed) == 0:
        return None
    return int(allowed) / 2_000_000
