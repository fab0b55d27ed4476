"""Envelopes in and out: SOAP 1.2, and SOAP 1.1 answered in SOAP 1.1.

Nothing a stranger sends may cost more than its size: no document type, no entities, no network,
bounded bytes, elements and depth, all checked before or while the parser runs.
"""

import copy
import functools
from typing import NamedTuple

from lxml import etree

from nvrdevice.lib.errors import Kind
from nvrdevice.lib.xml_reader import XmlReader
from onvif_api.soap.build import Element, Kept, el
from onvif_api.soap.faults import Fault
from onvif_api.soap.namespaces import ENV_11, ENV_12, NS, name

BODY_LIMIT = 1_000_000
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
ELEMENT_LIMIT = 20_000  # the largest real request, a SetConfiguration, has a few hundred
ATTRIBUTE_LIMIT = 20_000

# Declared on every answer: QNames also stand in text (topics, xs:boolean), where a client can
# only resolve them if the prefix is declared.
_ALWAYS = ("tt", "ter", "tns1", "wsa", "wsnt", "wstop", "xs", "xsi")
_ROLES_OF_OURS = {
    "",
    "http://www.w3.org/2003/05/soap-envelope/role/next",
    "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
    "http://schemas.xmlsoap.org/soap/actor/next",
}
_NO_ENCODING = "http://www.w3.org/2003/05/soap-envelope/encoding/none"
_UNDERSTOOD = {f"{{{NS['wsse']}", f"{{{NS['wsa']}"}
_ENCODING_STYLE = f"{{{ENV_12}}}encodingStyle"
_VERSIONS = {f"{{{version}}}Envelope": version for version in (ENV_12, ENV_11)}


class _Names(NamedTuple):
    """What stands in the namespace of a version of SOAP, ready to be compared."""

    header: str
    body: str
    must_understand: str
    role: str


_NAMES = {
    version: _Names(
        *(f"{{{version}}}{each}" for each in ("Header", "Body", "mustUnderstand", role))
    )
    for version, role in ((ENV_12, "role"), (ENV_11, "actor"))
}
_READER = XmlReader()


class Envelope(NamedTuple):
    version: str  # ENV_12 or ENV_11
    header: Element | None
    request: Element  # the one element of the body


def parse(body: bytes) -> Envelope:
    root = _parse_xml(body)
    version = _VERSIONS.get(root.tag)
    if version is None:
        raise Fault(
            Kind.INVALID,
            "Send an Envelope of SOAP 1.2 (http://www.w3.org/2003/05/soap-envelope).",
            code="VersionMismatch",
        )
    names = _NAMES[version]
    header, bodies = None, []
    for part in root:  # comments and the like are left out by the parser
        if part.tag == names.body:
            bodies.append(part)
        elif part.tag == names.header and header is None:
            header = part
    if len(bodies) != 1:
        raise Fault(Kind.INVALID, "The Envelope has no single Body.", subcode="Tag")
    requests = list(bodies[0])
    if len(requests) != 1:
        raise Fault(Kind.INVALID, "The Body must hold exactly one request element.", subcode="Tag")
    style = requests[0].get(_ENCODING_STYLE)
    if style not in {None, "", _NO_ENCODING}:
        raise Fault(
            Kind.INVALID, "Send literal XML, without an encodingStyle.", code="DataEncodingUnknown"
        )
    return Envelope(version, header, requests[0])


def check_must_understand(envelope: Envelope) -> None:
    """Headers marked mustUnderstand and meant for us must be known (SOAP 1.2 Part 1, 2.4)."""
    if envelope.header is None:
        return
    names = _NAMES[envelope.version]
    for block in envelope.header:
        if block.get(names.must_understand) not in {"1", "true"}:
            continue
        if block.get(names.role, "") not in _ROLES_OF_OURS:
            continue
        if block.tag.partition("}")[0] not in _UNDERSTOOD:
            raise Fault(
                Kind.INVALID,
                f"This device does not know the header {etree.QName(block).localname}.",
                code="MustUnderstand",
                headers=_not_understood(block) if envelope.version == ENV_12 else (),
            )


def _not_understood(block: Element) -> tuple[Element]:
    """SOAP 1.2 Part 1, 5.4.8: which header it was, as a QName in an attribute."""
    named = etree.QName(block)
    uri = str(named.namespace or "")
    said = etree.Element(name("env:NotUnderstood"), nsmap={"h": uri} if uri else None)
    said.set("qname", f"h:{named.localname}" if uri else named.localname)
    return (said,)


def write(body: Element | Kept, header: list[Element], version: str = ENV_12) -> bytes:
    if not isinstance(body, Kept):
        return _write(body, header, version)
    if header:
        return _write(copy.deepcopy(body.element), header, version)
    found = body.written.get(version)
    if found is None:
        found = body.written[version] = _write(copy.deepcopy(body.element), header, version)
    return found


def _write(body: Element, header: list[Element], version: str) -> bytes:
    root = copy.copy(_empty(version, body.tag.rpartition("}")[0].removeprefix("{")))
    root[0].append(body)
    if header:
        root.insert(0, el("env11:Header" if version == ENV_11 else "env:Header", header))
    return DECLARATION + etree.tostring(root, encoding="UTF-8", xml_declaration=False)


@functools.lru_cache(maxsize=64)
def _empty(version: str, answered: str) -> Element:
    """The envelope of every answer in that namespace, with an empty Body."""
    names = {"env": version} | {key: NS[key] for key in _ALWAYS}
    for key, uri in NS.items():
        if uri == answered and key not in {"env", "env11"}:
            names[key] = uri
    root = etree.Element(f"{{{version}}}Envelope", nsmap=names)
    etree.SubElement(root, f"{{{version}}}Body")
    return root


def _parse_xml(body: bytes) -> Element:
    # UTF-16 carries the same marks with zero bytes between them.
    plain = body.replace(b"\0", b"") if b"\0" in body else body
    if len(body) > BODY_LIMIT or plain.count(b"<") > 2 * ELEMENT_LIMIT:
        raise _not_well_formed("the message is too large")
    if plain.count(b"=") > ATTRIBUTE_LIMIT:
        raise _not_well_formed("the message has too many attributes")
    if b"<!" in plain and (b"<!DOCTYPE" in plain or b"<!ENTITY" in plain):
        raise _not_well_formed("a document type is not allowed in SOAP")
    try:
        root = _READER.read(body.lstrip(b" \t\r\n"))
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error.msg or "not well-formed") from None
    except (ValueError, LookupError):
        raise _not_well_formed("its encoding is unknown") from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise _not_well_formed("a document type is not allowed in SOAP")
    return root


def _not_well_formed(why: str) -> Fault:
    return Fault(
        Kind.INVALID, f"The message is no XML this device reads ({why}).", subcode="WellFormed"
    )
