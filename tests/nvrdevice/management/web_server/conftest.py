"""A real server on a real port, one for each test module, and one that a test may end."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.nvrdevice.management.web_server.connection import Running


def start(host: str = "0.0.0.0") -> Running:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.nvrdevice.management.web_server.serve", host],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return Running(process, int(process.stdout.readline()))


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    running = start()
    yield running
    running.end(signal.SIGKILL)


@pytest.fixture
def mortal() -> Iterator[Running]:
    """A server of the test's own."""
    running = start()
    yield running
    running.end(signal.SIGKILL)
