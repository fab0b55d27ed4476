"""A GStreamer pipeline with the few things every one of ours needs.

Whatever goes wrong in it is told once to `failed`, from a streaming thread. Buffers carry
absolute time: `since_boot` pipelines run with base time zero on the machine's clock.
"""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from nvrdevice.media.engine import gst
from nvrdevice.media.engine.gst import GLib, Gst

log = logging.getLogger(__name__)

STOP_TIMEOUT_S = 3


class Taken(NamedTuple):
    buffer: Any
    caps: Any
    time_ns: int | None  # on the machine's clock


class Pipeline:
    def __init__(
        self,
        description: str,
        *,
        since_boot: bool = False,
        failed: Callable[[str, int, str], None] | None = None,
    ) -> None:
        """failed(domain, code, text) of an error message on the bus."""
        found = Gst.parse_launch(description)
        if not isinstance(found, Gst.Pipeline):  # of one element alone
            self.element = Gst.Pipeline.new()
            self.element.add(found)
        else:
            self.element = found
        self.element.use_clock(gst.clock())
        if since_boot:
            self.element.set_start_time(Gst.CLOCK_TIME_NONE)
            self.element.set_base_time(0)
        self._failed = failed
        self._handlers: list[tuple[Any, int]] = []
        bus = self.element.get_bus()
        bus.enable_sync_message_emission()
        self._handlers.append((bus, bus.connect("sync-message", self._on_message)))

    def __getitem__(self, name: str) -> Any:
        found = self.element.get_by_name(name)
        assert found is not None, name
        return found

    def connect(self, name: str, signal: str, handler: Callable[..., Any], *more: Any) -> None:
        """Until stop: a handler that stays holds its pipeline for ever, descriptors and all."""
        element = self[name]
        self._handlers.append((element, element.connect(signal, handler, *more)))

    def _on_message(self, bus: Any, message: Any) -> None:
        # What came before is dropped: nobody reads this bus. (A sync handler that drops would
        # have to unreference the message itself, which Python cannot.)
        while bus.pop() is not None:
            pass
        if message.type == Gst.MessageType.ERROR and self._failed is not None:
            error, debug = message.parse_error()
            log.info("pipeline error: %s (%s)", error.message, one_line(debug or ""))
            self._failed(error.domain, error.code, error_words(error.message, debug or ""))

    def play(self) -> None:
        self.element.set_state(Gst.State.PLAYING)

    def wait_for(self, state: Any, timeout_s: float) -> bool:
        """Whether it reached the state in time."""
        self.element.set_state(state)
        result, _, _ = self.element.get_state(int(timeout_s * Gst.SECOND))
        return bool(result in (Gst.StateChangeReturn.SUCCESS, Gst.StateChangeReturn.NO_PREROLL))

    def absolute_ns(self, sample: Any) -> int:
        """When a sample was taken, on the machine's clock (x264enc's own PTS start at 1000 h)."""
        running: int = sample.get_segment().to_running_time(
            Gst.Format.TIME, sample.get_buffer().pts
        )
        return running + int(self.element.get_base_time())

    def pull(self, sink: Any, timeout_s: float) -> Taken | None:
        """An appsink's next sample; None where none came in time, or at the end.

        The sample itself is let go at once: appsink cannot change the caps of one that is held.
        """
        sample = sink.try_pull_sample(int(timeout_s * Gst.SECOND))
        if sample is None:
            return None
        buffer = sample.get_buffer()
        timed = buffer.pts != Gst.CLOCK_TIME_NONE
        return Taken(buffer, sample.get_caps(), self.absolute_ns(sample) if timed else None)

    def stop(self) -> None:
        self._failed = None
        self.element.set_state(Gst.State.NULL)
        for element, handler in self._handlers:
            element.disconnect(handler)
        self._handlers.clear()


def bin_of(description: str) -> Any:
    """Elements to add to a running pipeline; their free pads are those of the bin."""
    return Gst.parse_bin_from_description(description, True)  # noqa: FBT003 - a C function


def later(call: Callable[[], None], *, delay_s: float = 0.0) -> None:
    """Have call run on the main loop: the one thread that builds and takes down pipelines."""

    def once() -> bool:
        call()
        return False

    if delay_s <= 0:
        GLib.idle_add(once)
    else:
        GLib.timeout_add(max(1, int(delay_s * 1000)), once)


def error_words(message: str, debug: str) -> str:
    """What a person can use of an error: where the message says nothing, its last detail does."""
    lines = [line for line in debug.splitlines() if line.strip()]
    says_nothing = message == "Unhandled error" or "resource" in message
    return one_line(lines[-1] if lines and says_nothing else message)


def one_line(text: str) -> str:
    """Texts of other machines get into logs and pages: on one line, and not for ever."""
    return " ".join(text.split())[:300]


def unit_bytes(buffer: Any) -> bytes:
    data: bytes = buffer.extract_dup(0, buffer.get_size())
    return data


def at_time(buffer: Any, time_ns: int) -> Any:
    """The same memory under another time: buffers are shared, so the original stays as it is."""
    flags = Gst.BufferCopyFlags.FLAGS | Gst.BufferCopyFlags.META | Gst.BufferCopyFlags.MEMORY
    copy = buffer.copy_region(flags, 0, buffer.get_size())
    copy.pts = time_ns
    return copy
