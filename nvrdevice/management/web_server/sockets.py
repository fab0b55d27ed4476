"""The listening sockets of the web process, opened before Twisted is there to trace back."""

import errno
import logging
import socket

from nvrdevice.lib.errors import DeviceError, Kind

log = logging.getLogger(__name__)

BACKLOG = 256
_ANY = "0.0.0.0"  # noqa: S104 - an NVR is another host


def listen(host: str, port: int, variable: str = "SERVICE_PORT") -> list[socket.socket]:
    """Sockets for every address of this host; "0.0.0.0" means IPv6 too where there is any."""
    sockets = [_listen(found, host, port, variable) for found in _addresses(host, port)]
    if host == _ANY:
        port = sockets[0].getsockname()[1]
        try:
            sockets.append(_open(socket.AF_INET6, ("::", port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                log.warning("Another program has port %s on IPv6: serving IPv4 only.", port)
    return sockets


def _addresses(host: str, port: int) -> list[tuple[int, tuple[object, ...]]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise DeviceError(
            Kind.INVALID,
            f"SERVICE_HOST is {host!r}, which is no address of this machine: "
            "give one of its addresses, or 0.0.0.0 for all.",
            field="SERVICE_HOST",
        ) from None
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def _listen(
    found: tuple[int, tuple[object, ...]], host: str, port: int, variable: str
) -> socket.socket:
    try:
        return _open(*found)
    except OSError as error:
        raise _explain(error, host, port, variable) from None


def _open(family: int, address: tuple[object, ...]) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # IPv4 has a socket of its own, so that its clients are seen with IPv4 addresses.
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
        opened.settimeout(0)
    except OSError:
        opened.close()
        raise
    return opened


def _explain(error: OSError, host: str, port: int, variable: str) -> DeviceError:
    if error.errno == errno.EADDRINUSE:
        text = (
            f"Port {port} is taken by another program: stop that program, "
            f"or choose another port with {variable}."
        )
    elif error.errno == errno.EACCES:
        text = f"This user may not open port {port}: choose one from 1024 on with {variable}."
    elif error.errno == errno.EADDRNOTAVAIL:
        text = (
            f"SERVICE_HOST is {host!r}, which is no address of this machine: "
            "give one of its addresses, or 0.0.0.0 for all."
        )
    else:
        text = f"Port {port} cannot be opened: {error.strerror}. Choose another with {variable}."
    return DeviceError(Kind.UNAVAILABLE, text, field=variable)
