"""What an RTSP request says of itself, in the words that are used here."""

from collections.abc import Iterator
from typing import Any

from nvrdevice.accounts import rtsp
from nvrdevice.accounts.authorization import Digest
from nvrdevice.media.engine.gst import GstRtsp

HEADERS_LIMIT = 100


def mount(context: Any) -> str:
    """ "/profile1/stream=0" → "profile1" """
    uri = context.uri
    path = (uri.abspath or "") if uri is not None else ""
    return str(path).strip("/").split("/")[0]


def authorization(context: Any) -> str | None:
    """The Authorization header, as accounts read it; None without one. Of several, all."""
    found = list(headers(context, GstRtsp.RTSPHeaderField.AUTHORIZATION))
    return ", ".join(found).encode().decode("latin-1") if found else None


def login(context: Any) -> Digest | None:
    """What the server will look at as an answer to its challenge; None where it is none."""
    return rtsp.read(authorization(context) or "")


def header(context: Any, field: Any) -> str | None:
    return next(headers(context, field), None)


def headers(context: Any, field: Any) -> Iterator[str]:
    """Every one of this name: the server takes a list apart."""
    for index in range(HEADERS_LIMIT):
        try:
            result, value = context.request.get_header(field, index)
        except UnicodeDecodeError:  # old clients say who they are in their own character set
            result, value = GstRtsp.RTSPResult.OK, ""
        if result != GstRtsp.RTSPResult.OK:
            return
        yield value or ""


def is_playing(context: Any) -> bool:
    """Whether the session of a request plays already what it asks for."""
    if context.session is None:
        return False
    media, _length = context.session.get_media(f"/{mount(context)}")
    return media is not None and media.get_rtsp_state() == GstRtsp.RTSPState.PLAYING


def is_interleaved(context: Any) -> bool:
    """Whether every transport the client would take stays inside the connection."""
    asked = ",".join(headers(context, GstRtsp.RTSPHeaderField.TRANSPORT)).upper()
    return all(one.strip().startswith("RTP/AVP/TCP") for one in asked.split(","))


def is_deliverable(context: Any) -> bool:
    """Whether the transport of a SETUP can be read, and names ports where it needs them.

    The server looks at the first of several, and takes one it cannot read for multicast; without
    ports it would send nothing, and say that it does (RFC 2326, 11.3.13: neither is supported).
    """
    asked = header(context, GstRtsp.RTSPHeaderField.TRANSPORT) or ""
    result, found = GstRtsp.rtsp_transport_parse(asked.split(",")[0].strip())
    if result != GstRtsp.RTSPResult.OK:
        return False
    return bool(found.lower_transport != GstRtsp.RTSPLowerTrans.UDP or found.client_port.min > 0)


def transport(client: Any, context: Any, *, tls: bool) -> str:
    """How the pictures travel, in the words of pages."""
    asked = (header(context, GstRtsp.RTSPHeaderField.TRANSPORT) or "").lower()
    connection = client.get_connection()
    if connection is not None and connection.is_tunneled():
        return "HTTPS" if tls else "HTTP"
    if "multicast" in asked:
        return "Multicast"
    if tls:
        return "TLS"
    return "TCP" if "tcp" in asked or "interleaved" in asked else "UDP"
