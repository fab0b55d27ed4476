"""The wire form of live pictures, and what is kept for those who join."""

import pytest

from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import live_messages
from nvrdevice.media.live_messages import Group, Message, Opening, Part, Refusal, pack, unpack

OPENING = Opening(generation=7, codec="avc1.42C01F", width=1280, height=720, data=b"ftyp")
PART = Part(generation=7, sequence=3, key=True, wall_ns=1_767_225_600_123_456_789, data=b"moof")


def part(sequence: int, *, key: bool = False, size: int = 4) -> Part:
    return Part(generation=7, sequence=sequence, key=key, wall_ns=0, data=bytes(size))


@pytest.mark.parametrize("message", [OPENING, PART, Refusal(why="No camera.")])
def test_a_message_comes_out_as_it_went_in(message: Message) -> None:
    assert unpack(pack("profile1", message)) == message


@pytest.mark.parametrize(
    "frames",
    [[], [b"profile1\0", b"{}", b""], [b"", b"[1]", b""], [b"", b"\xff", b""], [b"", b"{}"]],
)
def test_broken_messages_are_refused(frames: list[bytes]) -> None:
    with pytest.raises(DeviceError):
        unpack(frames)


def test_a_group_begins_with_the_newest_key_picture() -> None:
    group = Group()
    assert group.messages() == []
    for each in (OPENING, part(1), part(2, key=True), part(3), part(4, key=True), part(5)):
        group.add(each)
    assert group.messages() == [OPENING, part(4, key=True), part(5)]


def test_an_opening_ends_the_group_before() -> None:
    group = Group()
    for each in (OPENING, part(1, key=True), OPENING):
        group.add(each)
    assert group.messages() == [OPENING]


def test_a_group_without_end_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_messages, "GROUP_BYTES", 100)
    group = Group()
    group.add(OPENING)
    for sequence in range(1, 5):
        group.add(part(sequence, key=sequence == 1, size=40))
    assert group.messages() == [OPENING]
    group.add(part(5, key=True))
    assert group.messages() == [OPENING, part(5, key=True)]
