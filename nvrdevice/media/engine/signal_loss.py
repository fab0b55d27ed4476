"""A lost source as an event; the journal tells it once for each change."""

from nvrdevice import events
from nvrdevice.media.topics import SIGNAL_LOSS


def forget_signal(source: str) -> None:
    """The source is configured no more: its state must not stay true for ever."""
    events.publish(
        SIGNAL_LOSS, source={"Source": source}, data={"State": False}, operation="Deleted"
    )


def tell_signal(source: str, *, lost: bool) -> None:
    events.publish(SIGNAL_LOSS, source={"Source": source}, data={"State": lost})
