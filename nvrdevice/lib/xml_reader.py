"""Reading XML of strangers: no entities, no network, and nothing that stays in the memory.

lxml keeps every name it reads (of elements, attributes, prefixes, namespaces) for as long as the
thread lives: names made up for the purpose would fill the memory as fast as they are sent. All
clients together use some hundred. Once far more were read, each message is read in a thread of
its own, which takes its names along; before, that would only cost time.
"""

import random
import threading

from lxml import etree

NAMES_LIMIT = 8_000_000  # bytes, a multiple of what all clients together use
LARGE = 4096  # bytes of a message whose names are counted in any case …
ONE_OF = 128  # … and of smaller ones one of so many, which stands for the others
USUAL_ENCODINGS = frozenset({None, "UTF-8", "US-ASCII", "ISO-8859-1"})
# So often at most these are in what a client says. Processing instructions and document types have
# names too, and are not in the tree; and what has far more of the others would take long to walk.
USUAL_MARKS = (
    (b"<?", 1),
    (b"<!DOCTYPE", 0),
    (b"\0", 0),
    (b"xmlns", 100),
    (b"<", 4000),
    (b"=", 4000),
)


class XmlReader:
    """For messages of one kind; safe in any thread."""

    def __init__(self, names_limit: int = NAMES_LIMIT) -> None:
        self._parser = _parser()
        self._limit = names_limit
        self._names: set[str] = set()
        self._kept = 0  # bytes of names, as far as one can tell
        self._small = 1  # small messages up to the next one that is looked at

    def read(self, data: bytes) -> etree._Element:
        """The root; etree.XMLSyntaxError, ValueError or LookupError where this is no XML."""
        if self._kept > self._limit:
            return _read_elsewhere(data)
        try:
            root = etree.fromstring(data, self._parser)
        except etree.XMLSyntaxError:
            self._kept += len(data)  # nobody tells how far it was read
            raise
        if len(data) > LARGE:
            self._count(root, data, 1)
            return root
        self._small -= 1
        if self._small <= 0:
            self._count(root, data, ONE_OF)
            self._small = random.randint(1, 2 * ONE_OF - 1)  # noqa: S311 - nobody is to know which
        return root

    def _count(self, root: etree._Element, data: bytes, stands_for: int) -> None:
        if not _is_usual(root, data):
            self._kept += stands_for * len(data)
            return
        found: set[str] = set()
        for event, part in etree.iterwalk(root, events=("start", "start-ns")):
            found.update(part if event == "start-ns" else (str(part.tag), *map(str, part.keys())))
        new = found - self._names
        self._names |= new
        self._kept += stands_for * sum(map(len, new))


def _is_usual(root: etree._Element, data: bytes) -> bool:
    if root.getroottree().docinfo.encoding not in USUAL_ENCODINGS:
        return False
    return all(data.count(mark) <= most for mark, most in USUAL_MARKS)


def _read_elsewhere(data: bytes) -> etree._Element:
    found: list[etree._Element] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            found.append(etree.fromstring(data, _parser()))
        except Exception as error:  # raised where it was asked for
            failed.append(error)

    thread = threading.Thread(target=work, name="xml")
    thread.start()
    thread.join()
    if failed:
        raise failed.pop()  # named here, it would hold on to itself and to data
    return found[0]


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
