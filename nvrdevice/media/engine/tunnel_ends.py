"""Closes a tunnel after TEARDOWN, as the device test of RTSP over HTTP has it (RTSS-1-1-42).

The RTSP server leaves closing to the client, who closes the POST; the GET would then stay open.
"""

from functools import partial
from typing import Any

from nvrdevice.media.engine.pipeline import later

GRACE_S = 1.0  # for the answer to be read, and for a client that sets up again at once


def end_after_teardown(server: Any) -> None:
    server.connect("client-connected", _on_connected)


def _on_connected(_server: Any, client: Any) -> None:
    client.connect("teardown-request", _on_teardown)


def _on_teardown(client: Any, _context: Any) -> None:
    """In the client's thread, before its session is gone."""
    later(partial(_end, client), delay_s=GRACE_S)


def _end(client: Any) -> None:
    connection = client.get_connection()
    if connection is not None and connection.is_tunneled() and not client.session_filter(None):
        client.close()
