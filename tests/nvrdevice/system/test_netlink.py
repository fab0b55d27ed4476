"""Replies of the kernel, split into their entries."""

import pytest

from nvrdevice.system import netlink


def message(kind: int, body: bytes) -> bytes:
    raw = netlink.HEADER.pack(16 + len(body), kind, 2, 1, 0) + body
    return raw + bytes(-len(raw) % 4)


def test_entries_are_aligned() -> None:
    reply = message(20, b"first") + message(20, b"second")
    assert netlink.split(reply) == (False, [b"first", b"second"])


def test_the_last_reply_ends_the_table() -> None:
    assert netlink.split(message(20, b"one") + message(3, bytes(4))) == (True, [b"one"])


def test_a_refusal_is_an_error() -> None:
    with pytest.raises(OSError) as refused:
        netlink.split(message(2, b"\xfe\xff\xff\xff" + bytes(16)))
    assert refused.value.errno == 2


def test_a_cut_reply_ends_the_table() -> None:
    assert netlink.split(bytes([5, 0, 0, 0]) + bytes(20)) == (True, [])


def test_attributes() -> None:
    data = b"\x05\0\x01\0a\0\0\0" + b"\x04\0\x02\0" + b"\x01\0\x03\0"
    assert list(netlink.attributes(data)) == [(1, b"a"), (2, b"")]
