"""The two ends of an event: who publishes it, and the pull points that wait for it."""

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator

from bench import http_load
from bench.http_load import Client, post
from tests.e2e.onvif_client import envelope
from tests.e2e.running_device import ROOT

CREATE = (
    "<tev:CreatePullPointSubscription>{}<tev:InitialTerminationTime>PT600S"
    "</tev:InitialTerminationTime></tev:CreatePullPointSubscription>"
)
FILTER = (
    '<tev:Filter><wsnt:TopicExpression xmlns:tns1="http://www.onvif.org/ver10/topics" '
    'Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">{}'
    "</wsnt:TopicExpression></tev:Filter>"
)


class Publisher:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def publish(self) -> float:
        """Publish one event; the wall time just before, once it is in the journal."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("now\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())


@contextlib.contextmanager
def publisher(environment: dict[str, str]) -> Iterator[Publisher]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.publisher"],
        cwd=ROOT,
        env={**environment, "NVR_PROCESS": "manage"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise ConnectionError("the publisher did not start")
        yield Publisher(process)
    finally:
        process.terminate()
        process.wait(10)


def create_pull_point(port: int, topic: str = "") -> str:
    """Its path. topic: the only one it wants."""
    wanted = FILTER.format(topic) if topic else ""
    client = Client(port, [post(envelope(CREATE.format(wanted)))])
    client.send_next()
    answer = client.answer()
    client.socket.close()
    found = re.search(rb"Address>http://[^/]+(/[^<]+)<", answer)
    if found is None:
        raise ConnectionError(answer.decode(errors="replace"))
    return found[1].decode()


def answer(port: int, path: str, timeout_s: int) -> bytes:
    """What one pull is answered."""
    client = Client(port, [pull(path, timeout_s)])
    client.send_next()
    found = client.answer()
    client.socket.close()
    return found


def pull(path: str, timeout_s: int) -> bytes:
    body = (
        f"<tev:PullMessages><tev:Timeout>PT{timeout_s}S</tev:Timeout>"
        "<tev:MessageLimit>100</tev:MessageLimit></tev:PullMessages>"
    )
    return http_load.post(envelope(body), path=path)
