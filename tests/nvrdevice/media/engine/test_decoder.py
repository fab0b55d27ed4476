"""A decoder that starts late has the current picture, made from what the hub kept."""

from typing import Any

from nvrdevice.media.engine.decoder import Decoder
from nvrdevice.media.engine.hub import Hub
from nvrdevice.media.engine.picture_fan import PictureFan
from nvrdevice.media.engine.video_caps import RawFormat
from tests.nvrdevice.media.engine.made_pictures import PATIENCE_S, encoded


def first_pixel(buffer: Any) -> int:
    data: bytes = buffer.extract_dup(0, 1)
    return data[0]


def test_only_the_newest_of_the_kept_pictures_is_handed_on() -> None:
    hub, fan = Hub(), PictureFan()
    seen: list[int] = []
    fan.add(lambda _buffer, time_ns: seen.append(time_ns))
    units = encoded(hub, pictures=5)
    assert hub.format is not None
    decoder = Decoder(hub, hub.format, fan, failed=lambda: None)
    try:
        picture = fan.current(units[-1].time_ns, PATIENCE_S)
    finally:
        decoder.stop()
    assert picture is not None
    assert (picture.format, seen) == (
        RawFormat(width=320, height=180, fps=25.0),
        [units[-1].time_ns],
    )
    assert abs(first_pixel(picture.buffer) - 120) < 8  # the fifth grey


def test_stopped_it_wants_the_stream_no_more() -> None:
    hub, fan = Hub(), PictureFan()
    encoded(hub, pictures=1)
    assert hub.format is not None
    decoder = Decoder(hub, hub.format, fan, failed=lambda: None)
    wanted = hub.wanted
    decoder.stop()
    assert (wanted, hub.wanted, fan.format) == (True, False, None)
