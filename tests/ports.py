"""Ports for what a test starts: nobody else of this run is given them.

The system's own choice comes again soon, and from among those that it gives to clients too, which
come and go while a device starts.
"""

import random
import socket

OUR_OWN = range(20_000, 32_000)
_given: set[int] = set()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    for port in random.sample(OUR_OWN, len(OUR_OWN)):
        if port not in _given and _is_free(port, kind):
            _given.add(port)
            return port
    raise OSError(f"No port of {OUR_OWN} is free.")


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True
