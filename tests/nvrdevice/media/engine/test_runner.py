"""A lost source is told, opened again by itself, and ends nobody else."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from nvrdevice.lib.clock import ManualClock
from nvrdevice.media.engine.hub import AccessUnit, StreamFormat
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Outlet
from nvrdevice.media.engine.runner import Runner
from nvrdevice.media.engine.video_caps import RawFormat


class Nothing:
    def open_encoded(self, found: StreamFormat) -> None: ...
    def open_raw(self, found: RawFormat, *, codec: str) -> None: ...
    def unit(self, unit: AccessUnit) -> None: ...
    def picture(self, buffer: Any, time_ns: int) -> None: ...


class Script:
    """A capture that fails as it is told, then runs until it is stopped."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.running = threading.Event()

    def run(self, _outlet: Outlet, stop: threading.Event) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.running.set()
        stop.wait(10)


def told_by(script: Script, made: Callable[[], Script] | None = None) -> list[str]:
    told: list[str] = []
    runner = Runner(
        "source1",
        made or (lambda: script),
        Nothing(),
        lambda lost: told.append(lost.sentence),
        ManualClock(datetime(2026, 1, 1, tzinfo=UTC)),
        waits_s=(0.0,),
    )
    runner.start()
    assert script.running.wait(10)
    runner.ask_stop()
    runner.wait_stopped(10)
    assert runner.stopped
    return told


def test_a_lost_source_is_opened_again() -> None:
    script = Script(Lost(Reason.REFUSED, "nothing listens"), Lost(Reason.TIMEOUT, "no answer"))
    assert told_by(script) == ["refused: nothing listens", "timeout: no answer"]


def test_a_fault_of_the_capture_is_a_loss_too() -> None:
    assert told_by(Script(ValueError("a secret detail"))) == ["broke off: ValueError"]


def test_an_end_by_request_is_no_loss() -> None:
    assert told_by(Script()) == []


def test_a_source_that_cannot_even_be_made_is_lost() -> None:
    script = Script()
    tries = [Lost(Reason.NO_SUCH_PATH, "the file is away")]

    def made() -> Script:
        if tries:
            raise tries.pop()
        return script

    assert told_by(script, made) == ["no such path: the file is away"]
