"""One channel at work: its wire, and what the wire means. Used under the board's lock."""

from nvrdevice.digital_io.backends import Broken, Wire
from nvrdevice.digital_io.debounce import Debounce
from nvrdevice.digital_io.settings import CLOSED, MONOSTABLE, DigitalInput, DigitalOutput
from nvrdevice.lib.errors import DeviceError, Kind


class InputLine:
    """active: the contact is not as it normally is."""

    def __init__(self, setting: DigitalInput, wire: Wire | None, problem: str = "") -> None:
        self.setting, self.wire, self.problem = setting, wire, problem
        self._debounce = Debounce(closed=wire.read() if wire is not None else self._normal)

    @property
    def active(self) -> bool:
        return self._debounce.closed != self._normal

    def set(self, *, active: bool, now_s: float) -> None:
        """Of a virtual input; a real one follows its wire."""
        if self.wire is None:
            raise DeviceError(Kind.UNAVAILABLE, self.problem)
        if self.wire.kind != "virtual":
            raise DeviceError(
                Kind.CONFLICT,
                f"{self.setting.name} follows the contact at pin {self.setting.pin}: it cannot "
                "be set. Inputs without a pin can.",
                field="state",
            )
        closed = active != self._normal
        self.wire.write(closed=closed)
        self._debounce.see(closed=closed, now_s=now_s)
        self._debounce.look(now_s, 0.0)

    def fail(self, problem: str) -> None:
        self.wire, self.problem = None, problem
        self._debounce = Debounce(closed=self._normal)

    def see(self, *, closed: bool, now_s: float) -> None:
        self._debounce.see(closed=closed, now_s=now_s)

    def look(self, now_s: float) -> bool:
        """Whether it changed. An edge that nobody told of is seen here."""
        if self.wire is not None and self.wire.kind != "virtual":
            self.see(closed=self.wire.read(), now_s=now_s)
        return self._debounce.look(now_s, self.setting.debounce_ms / 1000)

    def due_s(self) -> float | None:
        return self._debounce.due_s(self.setting.debounce_ms / 1000)

    @property
    def _normal(self) -> bool:
        return self.setting.normal_state == CLOSED


class OutputLine:
    """active: on. What it is was read back from the wire."""

    def __init__(self, setting: DigitalOutput, wire: Wire | None, problem: str = "") -> None:
        self.setting, self.wire, self.problem = setting, wire, problem
        self.active = wire is not None and wire.read() != self._idle
        self._off_s: float | None = None

    def set(self, *, active: bool, now_s: float, pulse: bool = False) -> None:
        if self.wire is None:
            raise DeviceError(Kind.UNAVAILABLE, self.problem)
        self.wire.write(closed=active != self._idle)
        self._off_s = None
        self.active = (self.wire.read() != self._idle) if self.wire.kind != "virtual" else active
        if self.active != active:
            raise Broken(
                f"{self.setting.name} did not follow: pin {self.setting.pin} reads otherwise. "
                "Another program may drive it."
            )
        if active and (pulse or self.setting.mode == MONOSTABLE):
            self._off_s = now_s + self.setting.delay_s

    def fail(self, problem: str) -> None:
        self.wire, self.problem = None, problem
        self.active, self._off_s = False, None

    def look(self, now_s: float) -> bool:
        """Go off when the time of a pulse is over; whether that happened."""
        if self._off_s is None or now_s < self._off_s:
            return False
        self.set(active=False, now_s=now_s)
        return True

    def due_s(self) -> float | None:
        return self._off_s

    @property
    def _idle(self) -> bool:
        return self.setting.idle_state == CLOSED


Line = InputLine | OutputLine
