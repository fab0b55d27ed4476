"""How far each address came on the way an NVR goes when it adds a device, and when.

Kept beside the calls, because those are forgotten after some minutes of polling. Bounded: an
address that never signed in makes room first. Times are seconds since 1970.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

JOURNEYS_KEPT = 128
AGE_S = 30 * 86_400.0
NAME_LENGTH = 64

SEARCHED = "searched"
ASKED_TIME = "asked time"
SIGNED_IN = "signed in"
ASKED_PROFILES = "asked profiles"
ASKED_STREAM = "asked stream"  # for its address
KNOCKED = "knocked"  # a connection came to the RTSP port, whoever it was
PLAYED = "played"
SUBSCRIBED = "subscribed"

_OF_OPERATION = {
    "tds:GetSystemDateAndTime": ASKED_TIME,
    "trt:GetProfiles": ASKED_PROFILES,
    "tr2:GetProfiles": ASKED_PROFILES,
    "trt:GetStreamUri": ASKED_STREAM,
    "tr2:GetStreamUri": ASKED_STREAM,
    "tev:CreatePullPointSubscription": SUBSCRIBED,
    "wsnt:Subscribe": SUBSCRIBED,
}


@dataclass
class Journey:
    address: str
    first: float
    last: float
    username: str = ""  # who last signed in over ONVIF
    clock_off_s: float = 0.0  # how far its clock is ahead of ours, as its last token said
    clock_at: float = 0.0  # when that was; 0: never told
    path: str = ""  # what was played last
    steps: dict[str, float] = field(default_factory=dict)


class Journeys:
    """Safe in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._journeys: OrderedDict[str, Journey] = OrderedDict()

    def step(self, at: float, address: str, step: str, *, path: str = "") -> None:
        with self._lock:
            found = self._of(address, at)
            found.steps[step] = at
            found.path = path or found.path

    def call(self, at: float, address: str, username: str, operation: str, result: str) -> None:
        """One request of any HTTP face; only those of the ONVIF services are steps."""
        step = _OF_OPERATION.get(operation) if result == "ok" else None
        signed_in = bool(username) and ":" in operation and " " not in operation
        if step is None and not signed_in:
            return
        with self._lock:
            found = self._of(address, at)
            if step is not None:
                found.steps[step] = at
            if signed_in:
                found.steps[SIGNED_IN] = at
                found.username = username[:NAME_LENGTH]

    def clock(self, at: float, address: str, off_s: float) -> None:
        with self._lock:
            found = self._of(address, at)
            found.clock_off_s, found.clock_at = off_s, at

    def all(self, now: float) -> list[Journey]:
        """Those heard of last come first."""
        with self._lock:
            found = [_copy(each) for each in self._journeys.values() if now - each.last < AGE_S]
        return sorted(found, key=lambda each: -each.last)

    def plain(self) -> list[dict[str, Any]]:
        with self._lock:
            return [vars(_copy(each)) for each in self._journeys.values()]

    def restore(self, plain: list[dict[str, Any]]) -> None:
        found = [Journey(**each) for each in plain]
        with self._lock:
            for journey in found:
                self._journeys[journey.address] = journey
            self._make_room()

    def _of(self, address: str, at: float) -> Journey:
        found = self._journeys.get(address)
        if found is None:
            found = self._journeys[address] = Journey(address, at, at)
            self._make_room(but=address)
        else:
            self._journeys.move_to_end(address)
        found.last = at
        return found

    def _make_room(self, but: str = "") -> None:
        while len(self._journeys) > JOURNEYS_KEPT:
            strangers = (
                address
                for address, each in self._journeys.items()
                if address != but and SIGNED_IN not in each.steps and PLAYED not in each.steps
            )
            del self._journeys[next(strangers, next(iter(self._journeys)))]


def _copy(journey: Journey) -> Journey:
    return Journey(**{**vars(journey), "steps": dict(journey.steps)})
