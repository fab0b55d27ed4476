"""Which H.264 encoder this machine has: hardware where it truly works, else software.

That an element exists says little (a Pi 5 has the driver and no encoder): each candidate has to
encode some pictures first. One that fails at work is not taken again.
"""

import functools
import logging

from nvrdevice.media.engine.encoder_elements import (
    JPEG,
    OPENH264,
    V4L2,
    VA,
    VA_LOW_POWER,
    X264,
    EncoderElement,
    EncoderSettings,
)
from nvrdevice.media.engine.gst import GLib, Gst
from nvrdevice.media.engine.pipeline import Pipeline

log = logging.getLogger(__name__)

CANDIDATES = (V4L2, VA_LOW_POWER, VA, X264, OPENH264)
TRIAL = EncoderSettings(
    codec="H264",
    width=640,
    height=368,
    fps=25.0,
    bitrate_kbps=500,
    gop_frames=25,
    h264_profile="Baseline",
    quality=5,
)
TRIAL_PICTURES = 12
TRIAL_S = 4.0
DESCRIPTION = (
    "videotestsrc num-buffers={pictures} ! video/x-raw,format=I420,width={width},height={height},"
    "framerate=25/1 ! {encoder} ! appsink name=out sync=false"
)

_blamed: set[str] = set()


def element_for(wanted: EncoderSettings) -> EncoderElement:
    if wanted.codec == "JPEG":
        return JPEG
    return next((one for one in working() if one.name not in _blamed), X264)


def blame(element: EncoderElement) -> None:
    """It failed at work; software is taken from now on where it was hardware."""
    if element.hardware and element.name not in _blamed:
        log.warning("%s failed and is not used any more", element.name)
        _blamed.add(element.name)


@functools.cache
def working() -> tuple[EncoderElement, ...]:
    """The best first, tried once; the first software encoder ends the list."""
    found: list[EncoderElement] = []
    for one in CANDIDATES:
        if works(one):
            found.append(one)
            if not one.hardware:
                break
    log.info("H.264 is encoded by %s", found[0].name if found else "nothing")
    return tuple(found)


def works(element: EncoderElement) -> bool:
    """Whether it makes whole pictures, the first of them a key picture."""
    if Gst.ElementFactory.find(element.name) is None:
        return False
    try:
        pipeline = Pipeline(
            DESCRIPTION.format(
                pictures=TRIAL_PICTURES,
                width=TRIAL.width,
                height=TRIAL.height,
                encoder=element.describe(TRIAL),
            )
        )
    except GLib.Error as error:
        log.info("%s cannot be used: %s", element.name, error.message)
        return False
    try:
        pipeline.play()
        first = pipeline.pull(pipeline["out"], TRIAL_S)
        if first is None or first.buffer.has_flags(Gst.BufferFlags.DELTA_UNIT):
            return False
        return all(pipeline.pull(pipeline["out"], TRIAL_S) for _ in range(TRIAL_PICTURES // 2))
    finally:
        pipeline.stop()
