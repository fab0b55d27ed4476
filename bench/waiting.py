"""What 300 clients cost that wait in PullMessages, and how soon one event answers them all."""

import select
import time

from bench import events, processes, requests, stand
from bench.figures import Figure
from bench.http_load import Client
from bench.stand import Server

WAITING = 300
RUNS = 3
FILES_LIMIT = 310.0  # one for each client, and a few of the device's own
MEMORY_LIMIT_MB = 20.0
SETTLED_S = 3.0


def measure() -> list[Figure]:
    with stand.web_alone() as (web, environment), events.publisher(environment) as publisher:
        paths = [events.create_pull_point(web.port) for _ in range(WAITING)]
        _pull_all(web, paths, timeout_s=5)  # what every new pull point is told first
        runs = [_run(web, paths, publisher) for _ in range(RUNS)]
    files, memory, threads, other_ms, all_ms = (tuple(each) for each in zip(*runs, strict=True))
    return [
        Figure(f"{WAITING} waiting pulls: files more", "", files, FILES_LIMIT),
        Figure(f"{WAITING} waiting pulls: memory more (PSS)", "MB", memory, MEMORY_LIMIT_MB),
        Figure(f"{WAITING} waiting pulls: threads in all", "", threads),
        Figure("another request meanwhile, p99", "ms", other_ms),
        Figure(f"one event until the last of {WAITING} is answered", "ms", all_ms),
    ]


def _run(web: Server, paths: list[str], publisher: events.Publisher) -> tuple[float, ...]:
    time.sleep(SETTLED_S)  # the connections of the last run are gone
    files, memory = processes.files(web.pid), processes.pss_mb([web.pid])
    clients = [Client(web.port, [events.pull(path, 60)]) for path in paths]
    for client in clients:
        client.send_next()
    time.sleep(SETTLED_S)
    files, memory = processes.files(web.pid) - files, processes.pss_mb([web.pid]) - memory
    threads = processes.threads(web.pid)
    other_ms = _other(web)
    published_s = publisher.publish()
    _answers(clients)
    all_ms = (time.time() - published_s) * 1000
    return files, memory, threads, other_ms, all_ms


def _other(web: Server) -> float:
    client = Client(web.port, requests.with_tokens(100))
    took_ms = []
    while client.send_next():
        client.answer()
        took_ms.append((time.perf_counter() - client.sent_s) * 1000)
    client.socket.close()
    return sorted(took_ms)[98]


def _pull_all(web: Server, paths: list[str], timeout_s: int) -> None:
    clients = [Client(web.port, [events.pull(path, timeout_s)]) for path in paths]
    for client in clients:
        client.send_next()
    _answers(clients)


def _answers(clients: list[Client]) -> None:
    poll = select.epoll()
    waiting = {client.socket.fileno(): client for client in clients}
    for number in waiting:
        poll.register(number, select.EPOLLIN)
    while waiting:
        for number, _ in poll.poll(90):
            if waiting[number].has_answer():
                waiting.pop(number).socket.close()
