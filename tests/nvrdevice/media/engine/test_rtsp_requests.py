"""What a request says of how its pictures are to travel."""

from typing import Any

import pytest

from nvrdevice.media.engine import rtsp_requests
from nvrdevice.media.engine.gst import GstRtsp

INTERLEAVED = "RTP/AVP/TCP;unicast;interleaved=0-1"
UDP = "RTP/AVP;unicast;client_port=5000-5001"


class Request:
    """Headers as the server has them: one of a name after the other."""

    def __init__(self, *transports: str) -> None:
        self._transports = transports

    def get_header(self, field: Any, index: int) -> tuple[Any, str | None]:
        if field == GstRtsp.RTSPHeaderField.TRANSPORT and index < len(self._transports):
            return GstRtsp.RTSPResult.OK, self._transports[index]
        return GstRtsp.RTSPResult.ENOTIMPL, None


class Context:
    def __init__(self, *transports: str) -> None:
        self.request = Request(*transports)


class Client:
    """tunneled: through HTTP."""

    def __init__(self, *, tunneled: bool = False) -> None:
        self._tunneled = tunneled

    def get_connection(self) -> "Client":
        return self

    def is_tunneled(self) -> bool:
        return self._tunneled


@pytest.mark.parametrize(
    ("transports", "inside"),
    [
        ([INTERLEAVED], True),
        ([INTERLEAVED.lower()], True),
        (["RTP/AVP/TCP;unicast;client_port=5000-5001"], True),
        ([INTERLEAVED, INTERLEAVED], True),
        ([UDP], False),
        (["RTP/AVP/UDP;unicast"], False),
        (["RTP/AVP;multicast"], False),
        ([INTERLEAVED, UDP], False),
        ([f"{INTERLEAVED}, {UDP}"], False),
        ([], False),
    ],
)
def test_only_what_stays_in_the_connection_is_interleaved(
    transports: list[str], inside: bool
) -> None:
    assert rtsp_requests.is_interleaved(Context(*transports)) is inside


@pytest.mark.parametrize(
    ("tunneled", "tls", "asked", "words"),
    [
        (False, False, UDP, "UDP"),
        (False, False, INTERLEAVED, "TCP"),
        (False, False, "RTP/AVP;multicast", "Multicast"),
        (False, True, INTERLEAVED, "TLS"),
        (True, False, INTERLEAVED, "HTTP"),
        (True, True, INTERLEAVED, "HTTPS"),
    ],
)
def test_pages_say_how_the_pictures_travel(
    *, tunneled: bool, tls: bool, asked: str, words: str
) -> None:
    client = Client(tunneled=tunneled)
    assert rtsp_requests.transport(client, Context(asked), tls=tls) == words
