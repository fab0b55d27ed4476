"""The kernel's address messages, byte by byte."""

import struct
from ipaddress import ip_address

from nvrdevice.system import address_table
from nvrdevice.system.address_table import Address


def attribute(kind: int, value: bytes) -> bytes:
    raw = struct.pack("=HH", len(value) + 4, kind) + value
    return raw + b"\0" * (-len(raw) % 4)


def message(family: int, prefix: int, flags: int, index: int, *attributes: bytes) -> bytes:
    body = struct.pack("=BBBBI", family, prefix, flags & 0xFF, 0, index) + b"".join(attributes)
    return struct.pack("=IHHII", len(body) + 16, 20, 2, 1, 0) + body


DONE = struct.pack("=IHHII", 16, 3, 2, 1, 0)


def test_a_lasting_and_a_given_address() -> None:
    reply = (
        message(2, 24, 0x80, 2, attribute(2, bytes([192, 0, 2, 1])), attribute(8, b"\x80\0\0\0"))
        + message(2, 16, 0, 3, attribute(1, bytes([10, 1, 0, 9])))
        + DONE
    )
    assert address_table.parse(reply) == (
        True,
        [
            Address(2, ip_address("192.0.2.1"), 24, given=False),
            Address(3, ip_address("10.1.0.9"), 16, given=True),
        ],
    )


def test_an_ipv6_privacy_address_is_temporary() -> None:
    own = ip_address("2001:db8::5")
    reply = message(10, 64, 0x01, 2, attribute(1, own.packed), attribute(8, b"\x01\0\0\0"))
    assert address_table.parse(reply) == (False, [Address(2, own, 64, given=True, temporary=True)])


def test_an_address_that_is_still_being_tried_does_not_count() -> None:
    own = ip_address("2001:db8::5")
    reply = message(10, 64, 0xC0, 2, attribute(1, own.packed))
    assert address_table.parse(reply) == (False, [])


def test_our_own_end_of_a_point_to_point_link() -> None:
    ends = attribute(1, bytes([10, 0, 0, 1])), attribute(2, bytes([10, 0, 0, 2]))
    (found,) = address_table.parse(message(2, 32, 0x80, 4, *ends))[1]
    assert found.ip == ip_address("10.0.0.2")


def test_a_cut_reply_ends_the_table() -> None:
    assert address_table.parse(b"\x05\0\0\0" + b"\0" * 20) == (True, [])
