"""From an input raised over REST to the PullMessages answer, where one of 100 waiting matches."""

import json
import time

from bench import events, http_load, stand
from bench.figures import Figure
from bench.http_load import Client
from tests.e2e.running_device import PASSWORD

WAITING = 100
EVENTS = 100
PAUSE_S = 0.05
MEDIAN_LIMIT_MS, P99_LIMIT_MS = 20.0, 100.0
INPUTS, OTHERS = "tns1:Device/Trigger/DigitalInput", "tns1:VideoSource/SignalLoss"


def measure() -> list[Figure]:
    with stand.whole_device(motion=False) as device:
        port = device.http_port
        stand.set_password(device)
        others = [events.create_pull_point(port, OTHERS) for _ in range(WAITING - 1)]
        mine = events.create_pull_point(port, INPUTS)
        for path in (*others, mine):  # what every new pull point is told first
            events.answer(port, path, timeout_s=0)
        waiting = [Client(port, [events.pull(path, 600)]) for path in others]
        for client in waiting:
            client.send_next()
        pulls = Client(port, (events.pull(mine, 60) for _ in range(EVENTS + 1)))
        rest = Client(port, (_post(raised=bool(turn % 2)) for turn in range(1, EVENTS + 2)))
        took_ms = [_one(pulls, rest) for _ in range(EVENTS + 1)][1:]
        for client in waiting:
            client.socket.close()
    p99 = sorted(took_ms)[int(len(took_ms) * 0.99) - 1]
    return [
        Figure("input over REST to PullMessages answer", "ms", tuple(took_ms), MEDIAN_LIMIT_MS),
        Figure("the same, 99th percentile", "ms", (p99,), P99_LIMIT_MS),
    ]


def _one(pulls: Client, rest: Client) -> float:
    pulls.send_next()
    time.sleep(PAUSE_S)
    rest.send_next()
    if b"DigitalInput" not in pulls.answer():
        raise ConnectionError("a pull was answered without the input")
    took_ms = (time.perf_counter() - rest.sent_s) * 1000
    rest.answer()
    return took_ms


def _post(*, raised: bool) -> bytes:
    body = json.dumps({"state": raised}).encode()
    token = f'X-WSSE: UsernameToken username="admin" password="{PASSWORD}"'
    return http_load.post(body, token, path="/events/digital/input/1", kind="application/json")
