"""What a VISCA head answers, and to which command: acknowledged, carried out, or refused.

Answers name no command. A head takes commands in order, so the next answer is to the oldest one
that has none; from then on the socket it was given tells what the answer is to.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from nvrdevice.lib.errors import DeviceError, Kind

END = 0xFF
LONGEST = 16  # bytes of a frame; what is longer is noise
SENT_LIMIT = 16
ACKNOWLEDGED, CARRIED_OUT, REFUSED = 0x40, 0x50, 0x60
SYNTAX, BUFFER_FULL, NOT_EXECUTABLE = 0x02, 0x03, 0x41
# A command that was cancelled, or had no socket to cancel, is no refusal: nobody here does that.
REFUSALS = {
    SYNTAX: (Kind.UNSUPPORTED, "The head does not know this command."),
    BUFFER_FULL: (Kind.UNAVAILABLE, "The head is busy with earlier commands: try again."),
    NOT_EXECUTABLE: (
        Kind.CONFLICT,
        "The head refuses this just now: see that it is switched on and not in a menu of its own.",
    ),
}


@dataclass(frozen=True)
class Sent:
    """One frame that was sent. asks: for something; a stop of what stands still does not."""

    what: str
    asks: bool = True
    stops: bool = False


@dataclass(frozen=True)
class Refusal:
    sent: Sent
    code: int

    @property
    def error(self) -> DeviceError:
        kind, text = REFUSALS[self.code]
        return DeviceError(kind, text)


class Answers:
    """Of one head. Whatever comes is bounded: noise is dropped, and so is what is too old."""

    def __init__(self, address: int) -> None:
        self._head = 0x80 | address << 4  # how its answers begin
        self._came = b""
        self._waiting: deque[Sent] = deque(maxlen=SENT_LIMIT)
        self._sockets: dict[int, Sent] = {}
        self.refusals: list[Refusal] = []
        self.unanswered = 0  # commands in a row that nothing was said to

    @property
    def complete(self) -> bool:
        return not self._waiting

    def expect(self, sent: Iterable[Sent]) -> None:
        """To these, and no more to those before."""
        self.unanswered += bool(self._waiting)
        self._waiting.clear()
        self._waiting.extend(sent)
        self.refusals.clear()

    def take(self, data: bytes) -> list[Refusal]:
        """What is new of refusals."""
        *frames, rest = (self._came + data).split(bytes((END,)))
        self._came = rest[-LONGEST:]
        before = len(self.refusals)
        for frame in frames:
            # Commands come back too, from adapters that hear what they say, and other heads' words.
            if 2 <= len(frame) <= LONGEST and frame[0] == self._head:
                self._answer(frame)
        return self.refusals[before:]

    def _answer(self, frame: bytes) -> None:
        kind, socket = frame[1] & 0xF0, frame[1] & 0x0F
        if kind not in (ACKNOWLEDGED, CARRIED_OUT, REFUSED):
            return
        self.unanswered = 0
        sent = self._sockets.pop(socket, None) if kind != ACKNOWLEDGED else None
        if sent is None and self._waiting:
            sent = self._waiting.popleft()
        if sent is None:
            return
        if kind == ACKNOWLEDGED:
            self._sockets[socket] = sent
        elif kind == REFUSED and frame[-1] in REFUSALS and sent.asks:
            self.refusals.append(Refusal(sent, frame[-1]))
