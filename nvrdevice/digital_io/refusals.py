"""What is said of a channel that is not there."""

from nvrdevice.digital_io.settings import DIRECTIONS
from nvrdevice.lib.errors import DeviceError, Kind


def missing(direction: str, channel_id: int) -> DeviceError:
    if direction not in DIRECTIONS:
        return DeviceError(Kind.MISSING, "Channels are inputs or outputs: give input or output.")
    return DeviceError(
        Kind.MISSING, f"There is no digital {direction} {channel_id}.", field="channel_id"
    )
