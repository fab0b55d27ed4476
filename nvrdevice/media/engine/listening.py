"""Listening sockets of the media process, one for each family of addresses."""

import contextlib
import errno
import socket

from nvrdevice.lib.errors import DeviceError, Kind

BACKLOG = 128
ANY = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}  # noqa: S104 - NVRs are other hosts


def open_both(port: int, variable: str, what: str) -> list[socket.socket]:
    """IPv4, and IPv6 where the machine has it; DeviceError(CONFLICT) where the port is taken."""
    try:
        opened = [open_one(socket.AF_INET, port)]
    except OSError as error:
        raise refusal(error, port, variable, what) from None
    with contextlib.suppress(OSError):
        opened.append(open_one(socket.AF_INET6, port))
    return opened


def open_one(family: socket.AddressFamily, port: int) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family == socket.AF_INET6:
            # IPv4 has a socket of its own, so that its clients are seen with IPv4 addresses.
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((ANY[family], port))
        opened.listen(BACKLOG)
        opened.settimeout(0)
    except OSError:
        opened.close()
        raise
    return opened


def refusal(error: OSError, port: int, variable: str, what: str) -> DeviceError:
    if error.errno in (errno.EACCES, errno.EPERM):
        return DeviceError(
            Kind.FORBIDDEN,
            f"The {what} port {port} may not be opened by this user: choose one above 1023 "
            f"with {variable}.",
            field=variable,
        )
    return DeviceError(
        Kind.CONFLICT,
        f"The {what} port {port} is taken by another program: end that one or choose another "
        f"port with {variable}.",
        field=variable,
    )
