"""How long a set-up device takes from the command to its first answer and its first frame."""

import contextlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Figure
from bench.rtsp_client import RtspClient
from tests.e2e.running_device import RunningDevice

RUNS = 5
SOAP_LIMIT_S, FRAME_LIMIT_S = 5.0, 8.0


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="nvrdevice-bench-") as folder:
        device = RunningDevice(Path(folder), "test:")
        runs = [_one_start(device) for _ in range(RUNS + 1)][1:]  # the first run sets up
    return [
        Figure("second start to first SOAP answer", "s", tuple(r[0] for r in runs), SOAP_LIMIT_S),
        Figure("second start to first RTSP frame", "s", tuple(r[1] for r in runs), FRAME_LIMIT_S),
    ]


def _one_start(device: RunningDevice) -> tuple[float, float]:
    began = time.monotonic()
    device.start()
    try:
        answered = _until(device.answers_soap) - began
        return answered, _first_frame(device) - began
    finally:
        device.stop()


def _first_frame(device: RunningDevice) -> float:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            client = RtspClient(device.rtsp())
            try:
                client.play()
                return client.first_packet_s()
            finally:
                client.close()
        time.sleep(0.02)
    raise TimeoutError("no frame within a minute")


def _until(holds: Callable[[], bool]) -> float:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if holds():
            return time.monotonic()
        time.sleep(0.02)
    raise TimeoutError("no answer within a minute")
