"""Grey pictures: their wire form, who wants them, and a reader that outlives the media side."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nvrdevice.lib.errors import DeviceError
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media.grey import GreyPicture, GreyPublisher, GreySubscriber, pack, unpack

AT = datetime(2026, 5, 4, 3, 2, 1, 500_000, tzinfo=UTC)


def picture(source: str = "source1", sequence: int = 1) -> GreyPicture:
    return GreyPicture(source, AT, 4, 2, sequence, b"\x00\x10\x20\x30\x40\x50\x60\x70")


def until_wanted(
    publisher: GreyPublisher,
    source: str,
    wanted: bool = True,
    reader: GreySubscriber | None = None,
) -> None:
    for _ in range(1000):
        if publisher.wanted(source) == wanted:
            return
        publisher._socket.poll(10)
        if reader is not None:  # reading is what subscribes anew after a reconnect
            reader.receive(0)
    raise AssertionError(f"{source} wanted is not {wanted}")


def test_a_picture_comes_out_as_it_went_in() -> None:
    assert unpack(pack(picture())) == picture()


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [b"source1\0", b"{}", b""],
        [b"source1\0", b"not json", b""],
        [b"source1\0", b"[]", b""],
        [*pack(picture())[:2], b"short"],
    ],
)
def test_broken_frames_are_refused(frames: list[bytes]) -> None:
    with pytest.raises(DeviceError):
        unpack(frames)


def test_a_picture_is_wanted_only_while_somebody_listens(tmp_path: Path) -> None:
    sockets = RunSockets(tmp_path / "run")
    publisher = GreyPublisher(sockets)
    assert publisher.wanted("source1") is False
    with GreySubscriber(["source1"], sockets):
        until_wanted(publisher, "source1")
        assert publisher.wanted("source10") is False
    until_wanted(publisher, "source1", wanted=False)
    publisher.close()


def test_a_reader_gets_its_source_and_no_other(tmp_path: Path) -> None:
    sockets = RunSockets(tmp_path / "run")
    publisher = GreyPublisher(sockets)
    with GreySubscriber(["source1"], sockets) as reader:
        until_wanted(publisher, "source1")
        publisher.publish(picture("source10", 1))
        publisher.publish(picture("source1", 2))
        assert reader.receive(5) == picture("source1", 2)
        assert reader.receive(0) is None
    publisher.close()


def test_a_reader_finds_a_media_process_started_anew(tmp_path: Path) -> None:
    sockets = RunSockets(tmp_path / "run")
    publisher = GreyPublisher(sockets)
    with GreySubscriber((), sockets) as reader:
        until_wanted(publisher, "source1")
        publisher.close()
        publisher = GreyPublisher(sockets)
        until_wanted(publisher, "source1", reader=reader)
        publisher.publish(picture(sequence=7))
        assert reader.receive(5) == picture(sequence=7)
    publisher.close()
