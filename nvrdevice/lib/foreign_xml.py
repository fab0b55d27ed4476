"""Reading XML that a stranger sent: bounded, without entities, document types or network."""

from lxml import etree

from nvrdevice.lib.xml_reader import XmlReader

ELEMENT_LIMIT = 20_000
TEXT_LIMIT = 512

_READER = XmlReader()


def parse(data: bytes, *, limit: int) -> etree._Element | None:
    """The root element; None where it is no XML, too large, or tries what it must not."""
    if not 0 < len(data) <= limit:
        return None
    try:
        root = _READER.read(data)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        return None
    if sum(1 for _ in root.iter()) > ELEMENT_LIMIT:
        return None
    return root


def text(element: etree._Element | None, *, limit: int = TEXT_LIMIT) -> str:
    """What the element says, as one line that can be shown to a person."""
    if element is None:
        return ""
    words = " ".join((element.text or "")[: limit * 4].split())
    return "".join(letter for letter in words if letter.isprintable())[:limit]
