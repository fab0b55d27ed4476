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
    ("transports", "can"),
    [
        ([INTERLEAVED], True),
        ([INTERLEAVED.lower()], True),
        (["RTP/AVP/TCP;unicast"], True),
        ([UDP], True),
        (["RTP/AVP/UDP;unicast;client_port=5000"], True),
        (["RTP/AVP;multicast"], True),
        (["RTP/AVP"], True),  # multicast where nothing else is said (RFC 2326, 12.39)
        ([UDP, "garbage"], True),
        ([f"{UDP}, garbage"], True),
        (["garbage"], False),
        ([""], False),
        ([], False),
        (["RTP/UNKNOWN;unicast;client_port=5000-5001"], False),
        (["RTP/AVP/TCP;unicast;interleaved=999-1000"], False),
        (["RTP/AVP;unicast"], False),
        (["RTP/AVP;unicast;client_port=here"], False),
        (["RTP/AVP;unicast;client_port=0-1"], False),
        (["garbage", UDP], False),  # the server looks at the first alone
    ],
)
def test_only_what_can_be_read_and_reached_is_deliverable(
    transports: list[str], *, can: bool
) -> None:
    assert rtsp_requests.is_deliverable(Context(*transports)) is can


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


class InItsOwnCharacterSet:
    """What the server has of a header that is no UTF-8."""

    def get_header(self, field: Any, index: int) -> tuple[Any, str | None]:
        return GstRtsp.RTSPResult.OK, b"Kamera S\xfcd".decode()


def test_a_header_that_is_no_text_says_nothing() -> None:
    context = Context()
    context.request = InItsOwnCharacterSet()  # type: ignore[assignment]
    assert rtsp_requests.header(context, GstRtsp.RTSPHeaderField.USER_AGENT) == ""
