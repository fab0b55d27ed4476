"""Three hundred clients wait for events, and the device hardly notices."""

import asyncio
from pathlib import Path

import psutil
import pytest

from tests.e2e.onvif_client import PullPoint, envelope
from tests.e2e.running_device import RunningDevice
from tests.e2e.test_supervision import child

pytestmark = pytest.mark.e2e

CLIENTS = 300
OPEN_FILES_LIMIT = 1000
MEMORY_LIMIT = 20 * 1024 * 1024
PULL = (
    "<tev:PullMessages><tev:Timeout>PT20S</tev:Timeout>"
    "<tev:MessageLimit>1</tev:MessageLimit></tev:PullMessages>"
)


def footprint(process: psutil.Process) -> tuple[int, int]:
    """Open files and proportional memory in bytes."""
    return process.num_fds(), process.memory_full_info().pss


async def wait_together(
    device: RunningDevice, pull_points: list[PullPoint], web: psutil.Process
) -> list[int]:
    """Measure while all of them wait, then let them finish; [files, bytes, good answers]."""

    async def one(path: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", device.http_port)
        body = envelope(PULL)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{device.http_port}\r\n"
            "Content-Type: application/soap+xml\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return answer

    paths = [pull_point.address.removeprefix(device.url) for pull_point in pull_points]
    waiting = [asyncio.create_task(one(path)) for path in paths]
    await asyncio.sleep(8)
    files, memory = footprint(web)
    answers = await asyncio.gather(*waiting)
    return [files, memory, sum(b" 200 " in answer[:20] for answer in answers)]


def test_three_hundred_waiting_pulls_cost_almost_nothing(tmp_path: Path) -> None:
    with RunningDevice(tmp_path, "test:") as device:
        # A topic that stays silent, so that every pull waits to its end.
        topic = "tns1:VideoSource/SignalLoss"
        pull_points = [PullPoint(device, topic) for _ in range(CLIENTS)]
        for pull_point in pull_points:
            pull_point.pull(1)  # the state a property begins with
        web = child(device, "runweb")
        _, before = footprint(web)
        files, memory, good = asyncio.run(wait_together(device, pull_points, web))
    assert good == CLIENTS
    assert files < OPEN_FILES_LIMIT
    assert memory - before < MEMORY_LIMIT
