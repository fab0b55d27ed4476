"""A real server on a real port, one for each test module, and one that a test may end."""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nvrdevice.management.web_server.connection import Running


def start(host: str = "0.0.0.0") -> Running:
    folder = Path(tempfile.mkdtemp(prefix="web-"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.nvrdevice.management.web_server.serve", host, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    port, tls_port = map(int, process.stdout.readline().split())
    return Running(process, port, tls_port, folder)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    running = start()
    yield running
    running.end(signal.SIGKILL)
    shutil.rmtree(running.folder)


@pytest.fixture
def mortal() -> Iterator[Running]:
    """A server of the test's own."""
    running = start()
    yield running
    running.end(signal.SIGKILL)
    shutil.rmtree(running.folder)
