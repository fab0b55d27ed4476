"""Reading XML that a stranger sent: bounded, without entities, document types or network."""

from lxml import etree

ELEMENT_LIMIT = 20_000
TEXT_LIMIT = 512


def parse(data: bytes, *, limit: int) -> etree._Element | None:
    """The root element; None where it is no XML, too large, or tries what it must not."""
    if not 0 < len(data) <= limit:
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
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
