"""Whether a camera's address can be reached at all, told apart before RTSP is spoken to it."""

import socket
from urllib.parse import urlsplit

from nvrdevice.media.engine.lost import Lost, Reason

CONNECT_S = 5.0
RTSP_PORT = 554


def reach(uri: str, *, timeout_s: float = CONNECT_S) -> None:
    """Lost(NAME_NOT_FOUND), Lost(REFUSED) or Lost(TIMEOUT) where nobody answers there."""
    parts = urlsplit(uri)
    host, port = parts.hostname or "", parts.port or RTSP_PORT
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise Lost(Reason.NAME_NOT_FOUND, f"no address is known for the host {host}") from None
    failure = Lost(Reason.NAME_NOT_FOUND, f"no address is known for the host {host}")
    for family, kind, protocol, _, address in found:
        try:
            with socket.socket(family, kind, protocol) as line:
                line.settimeout(timeout_s)
                line.connect(address)
            return
        except TimeoutError:
            failure = Lost(Reason.TIMEOUT, f"{host} does not answer on port {port}")
        except ConnectionRefusedError:
            failure = Lost(Reason.REFUSED, f"nothing listens at {host} on port {port}")
        except OSError as error:
            failure = Lost(
                Reason.TIMEOUT, f"{host} cannot be reached on port {port} ({error.strerror})"
            )
    raise failure
