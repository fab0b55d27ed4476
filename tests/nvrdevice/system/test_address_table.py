"""The kernel's address messages, byte by byte."""

import struct
from ipaddress import ip_address

from nvrdevice.system import address_table
from nvrdevice.system.address_table import Address


def attribute(kind: int, value: bytes) -> bytes:
    raw = struct.pack("=HH", len(value) + 4, kind) + value
    return raw + b"\0" * (-len(raw) % 4)


def entry(family: int, prefix: int, flags: int, index: int, *attributes: bytes) -> bytes:
    return struct.pack("=BBBBI", family, prefix, flags & 0xFF, 0, index) + b"".join(attributes)


def test_an_address_set_by_hand_lasts() -> None:
    own = attribute(2, bytes([192, 0, 2, 1]))
    found = address_table.parse(entry(2, 24, 0, 2, own, attribute(8, b"\x80\0\0\0")))
    assert found == Address(2, ip_address("192.0.2.1"), 24, given=False)


def test_an_address_with_a_life_time_was_given() -> None:
    found = address_table.parse(entry(2, 16, 0, 3, attribute(1, bytes([10, 1, 0, 9]))))
    assert found == Address(3, ip_address("10.1.0.9"), 16, given=True)


def test_an_ipv6_privacy_address_is_temporary() -> None:
    own = ip_address("2001:db8::5")
    found = address_table.parse(
        entry(10, 64, 0, 2, attribute(1, own.packed), attribute(8, b"\x01\0\0\0"))
    )
    assert found == Address(2, own, 64, given=True, temporary=True)


def test_an_address_that_is_still_being_tried_does_not_count() -> None:
    own = ip_address("2001:db8::5")
    assert address_table.parse(entry(10, 64, 0xC0, 2, attribute(1, own.packed))) is None


def test_our_own_end_of_a_point_to_point_link() -> None:
    ends = attribute(1, bytes([10, 0, 0, 1])), attribute(2, bytes([10, 0, 0, 2]))
    found = address_table.parse(entry(2, 32, 0x80, 4, *ends))
    assert found is not None
    assert found.ip == ip_address("10.0.0.2")


def test_an_address_of_another_family_is_passed_over() -> None:
    assert address_table.parse(entry(7, 8, 0x80, 4)) is None
