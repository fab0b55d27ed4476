"""From an event's publication in another process to its arrival in a waiting PullMessages."""

import time

from bench import events, stand
from bench.figures import Figure
from bench.http_load import Client

EVENTS = 60
PAUSE_S = 0.1


def measure() -> list[Figure]:
    with stand.web_alone() as (web, environment), events.publisher(environment) as publisher:
        path = events.create_pull_point(web.port)
        pulls = [events.pull(path, 0), *(events.pull(path, 60) for _ in range(EVENTS))]
        client = Client(web.port, pulls)
        client.send_next()
        client.answer()
        took_ms = tuple(_one(client, publisher) for _ in range(EVENTS))
    return [Figure("event to PullMessages answer", "ms", took_ms[1:])]


def _one(client: Client, publisher: events.Publisher) -> float:
    client.send_next()
    time.sleep(PAUSE_S)
    published_s = publisher.publish()
    if b"NotificationMessage" not in client.answer():
        raise ConnectionError("a pull was answered without the event")
    return (time.time() - published_s) * 1000
