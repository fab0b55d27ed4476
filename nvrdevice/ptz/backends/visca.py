"""VISCA over a serial line (Sony). The frames are pure; what the head refuses is heard."""

import logging
import threading
import time

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.ptz.backends.backend import CONTINUOUS
from nvrdevice.ptz.backends.serial_head import Guard, SerialHead
from nvrdevice.ptz.backends.serial_line import Line
from nvrdevice.ptz.backends.visca_answers import END, Answers, Refusal, Sent
from nvrdevice.ptz.spaces import Vector

log = logging.getLogger(__name__)

FASTEST_PAN, FASTEST_TILT, FASTEST_ZOOM = 0x18, 0x14, 7
POSITIVE, NEGATIVE, STILL = 0x02, 0x01, 0x03  # pan: right; tilt: see tilt_direction
RESET, SET, RECALL = 0x00, 0x01, 0x02
MEMORIES = 6  # every head has 0 to 5
HIGHEST_ADDRESS = 7
ANSWER_S = 0.15  # a head answers within two pictures; a page that lets go must not wait
SLICE_S = 0.01
DEAF_AFTER = 3  # commands without an answer: this head cannot be heard, and is not waited for


def frame(address: int, *body: int) -> bytes:
    """From the controller (0) to a head."""
    return bytes((0x80 | address, 0x01, *body, END))


def pan_tilt(address: int, velocity: Vector) -> bytes:
    across = STILL if not velocity.pan else POSITIVE if velocity.pan > 0 else NEGATIVE
    # Up is 1 and down is 2, as left and right are.
    along = STILL if not velocity.tilt else NEGATIVE if velocity.tilt > 0 else POSITIVE
    return frame(
        address,
        *(0x06, 0x01),
        _speed(velocity.pan, FASTEST_PAN),
        _speed(velocity.tilt, FASTEST_TILT),
        *(across, along),
    )


def zoom(address: int, velocity: float) -> bytes:
    how = 0x00
    if velocity:
        how = (0x20 if velocity > 0 else 0x30) | round(abs(velocity) * FASTEST_ZOOM)
    return frame(address, 0x04, 0x07, how)


def memory(address: int, what: int, number: int) -> bytes:
    """number: from 1 on, as ours are."""
    return frame(address, 0x04, 0x3F, what, number - 1)


def home(address: int) -> bytes:
    return frame(address, 0x06, 0x04)


def _speed(axis: float, fastest: int) -> int:
    return max(1, round(abs(axis) * fastest))


class Visca(SerialHead):
    can = frozenset((CONTINUOUS,))
    most_presets = MEMORIES
    keeps_presets = True

    def __init__(self, line: Line, address: int, guard: Guard | None = None) -> None:
        if address > HIGHEST_ADDRESS:
            raise DeviceError(
                Kind.INVALID,
                f"A VISCA head has an address from 1 to {HIGHEST_ADDRESS}.",
                field="address",
            )
        super().__init__(line, address, guard)
        self._answers = Answers(address)
        self._hearing = threading.Lock()
        self._velocity = Vector()
        self._refused = ""

    @property
    def trouble(self) -> str:
        return self._line.problem or self._refused

    def turning(self, velocity: Vector) -> bytes:
        return pan_tilt(self._address, velocity) + zoom(self._address, velocity.zoom)

    def drive(self, velocity: Vector, now_s: float) -> None:
        if not velocity.still:
            self._expect(
                Sent("turn", asks=bool(velocity.pan or velocity.tilt)),
                Sent("zoom", asks=bool(velocity.zoom)),
            )
            self._velocity = velocity
        super().drive(velocity, now_s)

    def stop(self, now_s: float) -> None:
        # Many a head without a lens, or without a motor, refuses to stop what it has not.
        was = self._velocity
        self._expect(
            Sent("stop turning", asks=bool(was.pan or was.tilt), stops=True),
            Sent("stop the zoom", asks=bool(was.zoom), stops=True),
        )
        super().stop(now_s)

    def save_preset(self, number: int) -> None:
        self._say(Sent(f"keep preset {number}"), memory(self._address, SET, number))

    def go_preset(self, number: int) -> None:
        self._say(Sent(f"go to preset {number}"), memory(self._address, RECALL, number))

    def clear_preset(self, number: int) -> None:
        self._say(Sent(f"forget preset {number}"), memory(self._address, RESET, number))

    def go_home(self, home_: Vector, now_s: float) -> None:
        self._say(Sent("go home"), home(self._address))

    def refusals(self, wait_s: float = 0.0) -> list[Refusal]:
        """What it refused of the last command. Not to be waited for under a lock of others."""
        until_s = time.monotonic() + wait_s
        while True:
            over = time.monotonic() >= until_s
            with self._hearing:  # in slices, for a stop may want to get out meanwhile
                self._hear(0.0 if over else SLICE_S)
                heard = self._answers.complete or self._answers.unanswered >= DEAF_AFTER
                if heard or over:
                    return list(self._answers.refusals)

    def _say(self, sent: Sent, data: bytes) -> None:
        self._expect(sent)
        self._line.send(data)

    def _expect(self, *sent: Sent) -> None:
        """What the head said since is heard first, for sending empties the line."""
        with self._hearing:
            self._hear(0.0)
            self._answers.expect(sent)
            self._refused = ""

    def _hear(self, wait_s: float) -> None:
        for one in self._answers.take(self._line.receive(wait_s)):
            self._refused = one.error.text
            log.warning("VISCA head %d refuses to %s: %s", self._address, one.sent.what, one.error)
