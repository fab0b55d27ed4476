"""What an RTSP request says of itself, in the words that are used here."""

import re
from collections.abc import Iterator
from typing import Any

from nvrdevice.media.engine.gst import GstRtsp

USERNAME = re.compile(r'username="([^"]*)"')
HEADERS_LIMIT = 100


def mount(context: Any) -> str:
    """ "/profile1/stream=0" → "profile1" """
    uri = context.uri
    path = (uri.abspath or "") if uri is not None else ""
    return str(path).strip("/").split("/")[0]


def claimed_name(context: Any) -> str | None:
    """The user of the Authorization header; None without one."""
    value = header(context, GstRtsp.RTSPHeaderField.AUTHORIZATION)
    if value is None:
        return None
    found = USERNAME.search(value)
    return found.group(1) if found is not None else ""


def header(context: Any, field: Any) -> str | None:
    result, value = context.request.get_header(field, 0)
    return (value or "") if result == GstRtsp.RTSPResult.OK else None


def headers(context: Any, field: Any) -> Iterator[str]:
    """Every one of this name: the server takes a list apart."""
    for index in range(HEADERS_LIMIT):
        result, value = context.request.get_header(field, index)
        if result != GstRtsp.RTSPResult.OK:
            return
        yield value or ""


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
