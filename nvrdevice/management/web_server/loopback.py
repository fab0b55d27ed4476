"""Two ends of one TCP connection inside this machine.

A socketpair would do, but the RTSP server wants addresses and ports of what it is handed.
"""

import socket

HERE = "127.0.0.1"
CONNECT_S = 1.0  # it takes microseconds; this is for a machine that is broken
STRANGERS = 8
# What may wait between the two ends: with the kernel's own choice it would be megabytes.
WAITING_BYTES = 512 * 1024


def pair() -> tuple[socket.socket, socket.socket]:
    """OSError where it cannot be had. The port is open to this machine only, and for a moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WAITING_BYTES)
        listener.bind((HERE, 0))
        listener.listen(STRANGERS)
        listener.settimeout(CONNECT_S)
        near = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WAITING_BYTES)
            near.settimeout(CONNECT_S)
            near.connect(listener.getsockname())
            far = accepted(listener, near)
        except OSError:
            near.close()
            raise
    for end in (near, far):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end.settimeout(0)
    return near, far


def accepted(listener: socket.socket, near: socket.socket) -> socket.socket:
    """Another program of this machine may have connected first: only our own end will do."""
    for _ in range(STRANGERS + 1):
        far, peer = listener.accept()
        if peer == near.getsockname():
            return far
        far.close()
    raise ConnectionError("others connected in our place")
