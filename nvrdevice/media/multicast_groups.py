"""Which multicast group an encoder configuration has where none is set. Pure.

It is derived from the device's UUID and the configuration's token: two devices do not meet on
one group, and no change of one source moves another's.
"""

import functools
import zlib
from dataclasses import replace

from nvrdevice.media.settings import MediaSettings, VideoEncoderConfiguration

SITE = "239.255"  # RFC 2365: for a site
LEAST_PORT, PORTS = 20_000, 10_000  # even ones; the next is RTCP's


@functools.lru_cache(maxsize=8)
def with_groups(found: MediaSettings, device: str) -> MediaSettings:
    """The settings with a group for each configuration."""
    return replace(
        found,
        video_encoder_configurations=tuple(
            _with_group(one, device) for one in found.video_encoder_configurations
        ),
    )


def _with_group(one: VideoEncoderConfiguration, device: str) -> VideoEncoderConfiguration:
    chosen = zlib.crc32(f"{device}/{one.token}".encode())
    third, fourth = chosen >> 24, 1 + (chosen >> 16) % 254
    return replace(
        one,
        multicast_address=one.multicast_address or f"{SITE}.{third}.{fourth}",
        multicast_port=one.multicast_port or LEAST_PORT + 2 * (chosen % PORTS),
    )
