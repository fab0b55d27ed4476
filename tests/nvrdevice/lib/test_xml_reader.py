import os
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from lxml import etree

from nvrdevice.lib import xml_reader
from nvrdevice.lib.xml_reader import XmlReader

MB = 1_000_000
LIMIT = 100_000
_numbers = count()

ELEMENTS = "<%s/>"
ATTRIBUTES = '<a %s="1"/>'
NAMESPACES = '<a xmlns="urn:%s"/>'
PREFIXES = '<a xmlns:%s="urn:1"/>'
INSTRUCTIONS = "<?%s ?>"


def resident() -> int:
    """Bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def message(form: str, size: int) -> bytes:
    """As many names as fit, none of which was there before."""
    name = f"n{'o' * 900}"
    one = size // len(form % name)
    return f"<m>{''.join(form % f'{name}{next(_numbers)}' for _ in range(one))}</m>".encode()


def growth(reader: XmlReader, messages: Iterator[bytes]) -> int:
    before = resident()
    for each in messages:
        try:
            reader.read(each)
        except etree.XMLSyntaxError:
            continue
    return resident() - before


@pytest.mark.parametrize("form", [ELEMENTS, ATTRIBUTES, NAMESPACES, PREFIXES, INSTRUCTIONS])
def test_names_made_up_for_the_purpose_do_not_stay(form: str) -> None:
    reader = XmlReader(LIMIT)
    assert growth(reader, (message(form, MB) for _ in range(40))) < 20 * MB


def test_names_of_small_messages_do_not_stay_either() -> None:
    reader = XmlReader(LIMIT)
    assert growth(reader, (message(ELEMENTS, 3900) for _ in range(8000))) < 20 * MB


def test_names_of_what_is_no_xml_do_not_stay() -> None:
    reader = XmlReader(LIMIT)
    assert growth(reader, (message(ELEMENTS, MB)[:-1] for _ in range(40))) < 20 * MB


def test_names_of_another_encoding_do_not_stay() -> None:
    reader = XmlReader(LIMIT)
    wide = (message(INSTRUCTIONS, MB // 2).decode().encode("utf-16") for _ in range(80))
    assert growth(reader, wide) < 20 * MB


def test_what_clients_say_again_and_again_needs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = XmlReader(LIMIT)
    monkeypatch.setattr(threading, "Thread", None)
    same = message(ELEMENTS, LIMIT // 2)
    assert [reader.read(same).tag for _ in range(100)] == ["m"] * 100


@pytest.mark.parametrize("data", [b"<a", b"", b"<?xml version='1.0' encoding='none'?><a/>"])
def test_a_thread_of_its_own_refuses_with_the_same_words(data: bytes) -> None:
    said = []
    for reader in (XmlReader(), XmlReader(-1)):
        with pytest.raises((etree.XMLSyntaxError, LookupError)) as refusal:
            reader.read(data)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_what_a_thread_of_its_own_read_is_as_good() -> None:
    assert etree.tostring(XmlReader(-1).read(b"<a><b c='1'>d</b></a>")) == b'<a><b c="1">d</b></a>'
    assert xml_reader.NAMES_LIMIT > LIMIT
