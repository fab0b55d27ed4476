"""Facts follow what runs; small differences change nothing."""

from nvrdevice.media.engine import measured
from nvrdevice.media.engine.hub import StreamFormat
from nvrdevice.media.engine.meter import Meter
from nvrdevice.media.engine.video_caps import RawFormat
from nvrdevice.media.facts import Facts
from tests.nvrdevice.media.engine.made_units import made

UNSEEN = Facts(uri="rtsp://camera/1", online=False, reason="refused: nothing listens there")


def metered(pattern: str, size: int = 1000) -> Meter:
    meter = Meter()
    for unit in made(pattern, size=size):
        meter.add(unit.time_ns, len(unit.data), key=unit.key)
    return meter


def test_a_stream_passed_through() -> None:
    found = StreamFormat(codec="H264", width=1920, height=1080, fps=25.0, profile="high")
    assert measured.of_stream(UNSEEN, found) == Facts(
        uri="rtsp://camera/1",
        width=1920,
        height=1080,
        fps=25.0,
        codec="H264",
        pass_through=True,
        h264_profile="High",
        online=True,
    )


def test_pictures_to_encode() -> None:
    found = RawFormat(width=768, height=576, fps=10.0)
    assert measured.of_pictures(UNSEEN, found, codec="DIVX") == Facts(
        uri="rtsp://camera/1", width=768, height=576, fps=10.0, codec="DIVX", online=True
    )


def test_a_clearly_wrong_rate_is_corrected() -> None:
    before = Facts(uri="x", fps=50.0, online=True)
    assert measured.corrected(before, metered("-" * 120)).fps == 25.0


def test_a_slightly_wrong_rate_is_left() -> None:
    before = Facts(uri="x", fps=26.0, online=True)
    assert measured.corrected(before, metered("-" * 120)) == before


def test_a_stream_passed_through_tells_its_bit_rate_and_key_frames() -> None:
    before = Facts(uri="x", fps=25.0, pass_through=True, online=True)
    after = measured.corrected(before, metered(("K" + "-" * 24) * 5))
    assert (after.bitrate_kbps, after.gop_frames) == (200, 25)


def test_too_short_a_look_corrects_nothing() -> None:
    before = Facts(uri="x", fps=50.0, online=True)
    assert measured.corrected(before, metered("-" * 20)) == before
