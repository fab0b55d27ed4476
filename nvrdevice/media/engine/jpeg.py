"""One picture as a JPEG, at the size a profile has. Built for each picture and taken down."""

import queue
from typing import Any

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.picture_fan import Picture
from nvrdevice.media.engine.pipeline import Pipeline, at_time, unit_bytes

QUALITY = 85
ENCODE_S = 3.0
HIGH_DEFINITION = 720  # lines; from there on video means BT.709 where it does not say
# Video has neither JPEG's range nor its matrix: unconverted, black would be grey. From I420 to
# I420 videoconvert changes no range, so the picture goes through RGB.
DESCRIPTION = (
    'appsrc name=in format=time caps="{raw},colorimetry={colours}" ! '
    "videoscale add-borders=false ! "
    "video/x-raw,width={width},height={height},pixel-aspect-ratio=1/1 ! "
    "videoconvert ! video/x-raw,format=RGB ! "
    "videoconvert ! video/x-raw,format=I420,colorimetry=1:4:0:0 ! "
    "jpegenc quality={quality} ! appsink name=out sync=false"
)


def encode(picture: Picture, width: int, height: int) -> bytes:
    failures: queue.SimpleQueue[Any] = queue.SimpleQueue()
    pipeline = Pipeline(
        DESCRIPTION.format(
            raw=picture.format.caps,
            colours="bt709" if picture.format.height >= HIGH_DEFINITION else "bt601",
            width=width,
            height=height,
            quality=QUALITY,
        ),
        failed=lambda *what: failures.put(what[2]),
    )
    try:
        pipeline.play()
        source = pipeline["in"]
        source.push_buffer(at_time(picture.buffer, 0))
        source.end_of_stream()
        sample = pipeline["out"].try_pull_sample(int(ENCODE_S * Gst.SECOND))
        if sample is None:
            words = failures.get() if not failures.empty() else "it took too long"
            raise DeviceError(Kind.INTERNAL, f"The snapshot could not be encoded: {words}.")
        return unit_bytes(sample.get_buffer())
    finally:
        pipeline.stop()
