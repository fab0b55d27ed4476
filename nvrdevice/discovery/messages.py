"""The XML of WS-Discovery (April 2005) over SOAP 1.2: reading requests, writing messages.

Pure: bytes in, values out and back. Whatever cannot be understood is None, never an error:
anybody on the network may send anything. WS-Addressing is that of August 2004.
"""

import dataclasses
import uuid
from collections.abc import Iterable

from lxml import etree

from nvrdevice.lib.xml_reader import XmlReader

S = "http://www.w3.org/2003/05/soap-envelope"
A = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
D = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
DN = "http://www.onvif.org/ver10/network/wsdl"
TDS = "http://www.onvif.org/ver10/device/wsdl"
NAMESPACES = {"s": S, "a": A, "d": D, "dn": DN, "tds": TDS}

EVERYBODY = "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
ANONYMOUS = A + "/role/anonymous"

# The newer tds:Device is what profiles G, T and M look for, dn:… what profile S looks for.
TYPES = {f"{{{DN}}}NetworkVideoTransmitter": "dn:NetworkVideoTransmitter",
         f"{{{TDS}}}Device": "tds:Device"}  # fmt: skip

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'

SIZE_LIMIT = 16_384  # bytes of a request; real ones have less than 2,000
TEXT_LIMIT = 8_192  # of one element's text
ID_LIMIT = 256
LIST_LIMIT = 64

_READER = XmlReader()


@dataclasses.dataclass(frozen=True)
class Request:
    message_id: str


@dataclasses.dataclass(frozen=True)
class Probe(Request):
    """types: Clark names; a type whose prefix is not declared is "?" and matches nothing."""

    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    match_by: str = ""


@dataclasses.dataclass(frozen=True)
class Resolve(Request):
    endpoint: str


@dataclasses.dataclass(frozen=True)
class Description:
    """What the device says of itself on one interface."""

    endpoint: str
    scopes: tuple[str, ...]
    xaddrs: tuple[str, ...]
    metadata_version: int


@dataclasses.dataclass(frozen=True)
class Sequence:
    """d:AppSequence: receivers order our messages by it."""

    instance: int
    message: int


def read_request(data: bytes) -> Probe | Resolve | None:
    """The Probe or Resolve in a datagram; None for everything else."""
    if not 0 < len(data) <= SIZE_LIMIT:
        return None
    envelope = _parse(data)
    if envelope is None or envelope.tag != f"{{{S}}}Envelope":
        return None
    header, body = envelope.find(f"{{{S}}}Header"), envelope.find(f"{{{S}}}Body")
    if header is None or body is None or len(body) != 1:
        return None
    message_id = _text(header.find(f"{{{A}}}MessageID"))
    if not 0 < len(message_id) <= ID_LIMIT:
        return None
    action, content = _text(header.find(f"{{{A}}}Action")), body[0]
    if action == D + "/Probe" and content.tag == f"{{{D}}}Probe":
        return _probe(message_id, content)
    if action == D + "/Resolve" and content.tag == f"{{{D}}}Resolve":
        endpoint = _text(content.find(f"{{{A}}}EndpointReference/{{{A}}}Address"))
        return Resolve(message_id, endpoint) if endpoint else None
    return None


def hello(description: Description, sequence: Sequence) -> bytes:
    content = _described("d:Hello", description)
    return _envelope("Hello", EVERYBODY, content, sequence)


def bye(description: Description, sequence: Sequence) -> bytes:
    content = _described("d:Bye", description)
    return _envelope("Bye", EVERYBODY, content, sequence)


def probe_match(description: Description, sequence: Sequence, relates_to: str) -> bytes:
    content = _element("d:ProbeMatches", _described("d:ProbeMatch", description))
    return _envelope("ProbeMatches", ANONYMOUS, content, sequence, relates_to)


def resolve_match(description: Description, sequence: Sequence, relates_to: str) -> bytes:
    content = _element("d:ResolveMatches", _described("d:ResolveMatch", description))
    return _envelope("ResolveMatches", ANONYMOUS, content, sequence, relates_to)


def matching_rule_fault(rules: Iterable[str], sequence: Sequence, relates_to: str) -> bytes:
    """What a unicast Probe with an unknown rule gets (Core, SOAP Fault Messages)."""
    reason = _element("s:Text", "The matching rule specified is not supported.")
    reason.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    content = _element(
        "s:Fault",
        _element(
            "s:Code",
            _element("s:Value", "s:Sender"),
            _element("s:Subcode", _element("s:Value", "d:MatchingRuleNotSupported")),
        ),
        _element("s:Reason", reason),
        _element("s:Detail", _element("d:SupportedMatchingRules", " ".join(rules))),
    )
    return _envelope("fault", ANONYMOUS, content, sequence, relates_to)


def _probe(message_id: str, content: etree._Element) -> Probe:
    types, scopes = content.find(f"{{{D}}}Types"), content.find(f"{{{D}}}Scopes")
    return Probe(
        message_id,
        types=tuple(_qualified(name, types) for name in _words(types)),
        scopes=_words(scopes),
        match_by=(scopes.get("MatchBy") or "").strip() if scopes is not None else "",
    )


def _qualified(name: str, element: etree._Element | None) -> str:
    prefix, colon, local = name.rpartition(":")
    namespace = element.nsmap.get(prefix if colon else None) if element is not None else None
    return f"{{{namespace}}}{local}" if namespace else "?"


def _parse(data: bytes) -> etree._Element | None:
    try:
        root = _READER.read(data)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None
    return None if root.getroottree().docinfo.internalDTD is not None else root


def _text(element: etree._Element | None) -> str:
    if element is None or len(element):
        return ""
    return (element.text or "")[:TEXT_LIMIT].strip()


def _words(element: etree._Element | None) -> tuple[str, ...]:
    return tuple(_text(element).split()[:LIST_LIMIT])


def _element(name: str, *parts: etree._Element | str) -> etree._Element:
    prefix, _, local = name.partition(":")
    element = etree.Element(f"{{{NAMESPACES[prefix]}}}{local}", nsmap=NAMESPACES)
    for part in parts:
        if isinstance(part, str):
            element.text = part
        else:
            element.append(part)
    return element


def _described(name: str, description: Description) -> etree._Element:
    return _element(
        name,
        _element("a:EndpointReference", _element("a:Address", description.endpoint)),
        _element("d:Types", " ".join(TYPES.values())),
        _element("d:Scopes", " ".join(description.scopes)),
        _element("d:XAddrs", " ".join(description.xaddrs)),
        _element("d:MetadataVersion", str(description.metadata_version)),
    )


def _envelope(
    action: str, to: str, content: etree._Element, sequence: Sequence, relates_to: str = ""
) -> bytes:
    numbers = _element("d:AppSequence")
    numbers.set("InstanceId", str(sequence.instance))
    numbers.set("MessageNumber", str(sequence.message))
    header = [
        _element("a:MessageID", f"urn:uuid:{uuid.uuid4()}"),
        *([_element("a:RelatesTo", relates_to)] if relates_to else []),
        _element("a:To", to),
        _element("a:Action", f"{D}/{action}"),
        numbers,
    ]
    envelope = _element("s:Envelope", _element("s:Header", *header), _element("s:Body", content))
    # lxml's own declaration has single quotes, which not every NVR's parser has met.
    return DECLARATION + etree.tostring(envelope, encoding="utf-8")
