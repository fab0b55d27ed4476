"""A lost source as an event; the journal tells it once for each change."""

from nvrdevice import events
from nvrdevice.media.topics import SIGNAL_LOSS


def tell_signal(source: str, *, lost: bool) -> None:
    events.publish(SIGNAL_LOSS, source={"Source": source}, data={"State": lost})
