"""Asking the Media service as somebody of a level."""

from lxml import etree

from nvrdevice.accounts import access
from tests.onvif_api import soap_client
from tests.onvif_api.soap_client import Answer

PATH = "/onvif/media_service"
NEEDS = {name: int(access.LOWEST_LEVEL[found]) for name, found in access.table().items() if found}


def ask(name: str, as_: str | None = "admin", **arguments: str) -> Answer:
    """One operation of trt with plain text arguments, in their order."""
    inner = "".join(f"<trt:{key}>{value}</trt:{key}>" for key, value in arguments.items())
    return soap_client.call(f"<trt:{name}>{inner}</trt:{name}>", as_, PATH)


def stream_setup(stream: str = "RTP-Unicast", protocol: str = "RTSP") -> str:
    return (
        f"<tt:Stream>{stream}</tt:Stream>"
        f"<tt:Transport><tt:Protocol>{protocol}</tt:Protocol></tt:Transport>"
    )


def plain(element: etree._Element) -> bytes:
    """An element's children and attributes, whatever it is called: to compare two answers."""
    copy = etree.fromstring(etree.tostring(element))
    copy.tag = "same"
    etree.cleanup_namespaces(copy)
    return etree.tostring(copy, method="c14n")
