"""Prefixes this device writes and the namespaces they stand for.

Prefixes are ours alone: what a client sends is matched by namespace URI, never by its prefix.
"""

import functools

ENV_12 = "http://www.w3.org/2003/05/soap-envelope"
ENV_11 = "http://schemas.xmlsoap.org/soap/envelope/"

NS: dict[str, str] = {
    "env": ENV_12,
    "env11": ENV_11,
    "tt": "http://www.onvif.org/ver10/schema",
    "ter": "http://www.onvif.org/ver10/error",
    "tns1": "http://www.onvif.org/ver10/topics",
    "dn": "http://www.onvif.org/ver10/network/wsdl",
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tr2": "http://www.onvif.org/ver20/media/wsdl",
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "tptz": "http://www.onvif.org/ver20/ptz/wsdl",
    "timg": "http://www.onvif.org/ver20/imaging/wsdl",
    "tan": "http://www.onvif.org/ver20/analytics/wsdl",
    "axt": "http://www.onvif.org/ver20/analytics",
    "tmd": "http://www.onvif.org/ver10/deviceIO/wsdl",
    "trc": "http://www.onvif.org/ver10/recording/wsdl",
    "tse": "http://www.onvif.org/ver10/search/wsdl",
    "trp": "http://www.onvif.org/ver10/replay/wsdl",
    "trv": "http://www.onvif.org/ver10/receiver/wsdl",
    "tas": "http://www.onvif.org/ver10/advancedsecurity/wsdl",
    "tsc": "http://www.onvif.org/ver10/schedule/wsdl",
    "tup": "http://www.onvif.org/ver10/uplink/wsdl",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "wstop": "http://docs.oasis-open.org/wsn/t-1",
    "wsntw": "http://docs.oasis-open.org/wsn/bw-2",
    "wsrf_bf": "http://docs.oasis-open.org/wsrf/bf-2",
    "wsrf_r": "http://docs.oasis-open.org/wsrf/r-2",
    "wsrf_rw": "http://docs.oasis-open.org/wsrf/rw-2",
    "wsse": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    "wsu": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
    "xop": "http://www.w3.org/2004/08/xop/include",
    "xmime": "http://www.w3.org/2005/05/xmlmime",
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
PREFIX_OF: dict[str, str] = {uri: prefix for prefix, uri in NS.items()}


@functools.lru_cache(maxsize=4096)
def name(prefixed: str) -> str:
    """The Clark name lxml wants: "tt:Name" → "{http://…/schema}Name"; no prefix stays plain."""
    prefix, colon, local = prefixed.partition(":")
    return f"{{{NS[prefix]}}}{local}" if colon else prefixed


def prefixed(clark: str) -> str:
    """The other way round, for logs and tables; a namespace we do not know stays as it is."""
    uri, brace, local = clark.removeprefix("{").partition("}")
    if not brace:
        return clark
    return f"{PREFIX_OF[uri]}:{local}" if uri in PREFIX_OF else clark
