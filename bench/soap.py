"""How many authenticated GetDeviceInformation a second, and how long each takes.

The yardstick is an empty ASGI callable behind the same server classes that is sent the very
same bytes, and once a bare GET; rounds take turns, so that a machine whose speed drifts moves
all of them. Every request has a fresh WS-UsernameToken, or the next nc of HTTP Digest.
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from bench import http_load, requests, stand
from bench.figures import Figure
from bench.http_load import Load
from bench.stand import Server

# Many short rounds: what disturbs one of them disturbs its neighbours alike.
ROUNDS = 21
REQUESTS = 960
CLIENTS = (1, 8, 32)
SHARE_LIMIT = 45.0
P99_LIMIT_MS = 10.0
BUSY_LIMIT = 50.0
GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def measure() -> list[Figure]:
    with ExitStack() as stack:
        web, _ = stack.enter_context(stand.web_alone())
        empty = stack.enter_context(stand.empty_callable())
        figures = [figure for count in CLIENTS for figure in _alone(web, empty, count)]
    return figures + _beside_media()


def _alone(web: Server, empty: Server, clients: int) -> list[Figure]:
    tokens, digest, same, bare = _rounds(
        partial(_with_tokens, web.port, clients),
        partial(_with_digest, web.port, clients),
        partial(_with_tokens, empty.port, clients),
        partial(http_load.run, empty.port, [[GET] * (REQUESTS // clients)] * clients),
    )
    return [
        _rate("empty callable, bare GET", clients, bare),
        _rate("empty callable, same request", clients, same),
        _rate("UsernameToken", clients, tokens),
        _rate("HTTP Digest", clients, digest),
        _share("UsernameToken of empty, same request", clients, tokens, same, SHARE_LIMIT),
        _share("HTTP Digest of empty, same request", clients, digest, same, SHARE_LIMIT),
        _share("UsernameToken of empty, bare GET", clients, tokens, bare),
        *_latency("UsernameToken", clients, tokens),
        _busy(clients, tokens + digest + same + bare),
    ]


def _beside_media() -> list[Figure]:
    """The same while the device encodes, streams to a client and looks for motion."""
    figures: list[Figure] = []
    with stand.whole_device() as device, stand.players(device, "profile1"):
        port = device.http_port
        for clients in CLIENTS:
            tokens, digest = _rounds(
                partial(_with_tokens, port, clients),
                partial(_with_digest, port, clients),
            )
            limit = P99_LIMIT_MS if clients == 8 else None
            figures += _latency("UsernameToken while streaming", clients, tokens, limit)
            figures += _latency("HTTP Digest while streaming", clients, digest, limit)
            figures.append(_rate("UsernameToken while streaming", clients, tokens))
    return figures


def _rounds(*kinds: Callable[[], Load]) -> list[list[Load]]:
    """The kinds in turn, ROUNDS times after one that does not count."""
    turns = [[kind() for kind in kinds] for _ in range(ROUNDS + 1)][1:]
    return [list(loads) for loads in zip(*turns, strict=True)]


def _with_tokens(port: int, clients: int) -> Load:
    made = [requests.with_tokens(REQUESTS // clients) for _ in range(clients)]
    return http_load.run(port, made)


def _with_digest(port: int, clients: int) -> Load:
    made = [requests.with_digest(port, REQUESTS // clients) for _ in range(clients)]
    return http_load.run(port, made)


def _rate(name: str, clients: int, loads: list[Load]) -> Figure:
    return Figure(f"{name}, {clients} clients", "/s", tuple(load.per_second for load in loads))


def _share(
    name: str, clients: int, loads: list[Load], of: list[Load], limit: float | None = None
) -> Figure:
    shares = tuple(
        one.per_second / other.per_second * 100 for one, other in zip(loads, of, strict=True)
    )
    return Figure(f"{name}, {clients} clients", "%", shares, limit, more_is_better=True)


def _latency(
    name: str, clients: int, loads: list[Load], limit: float | None = None
) -> list[Figure]:
    def at(share: float) -> tuple[float, ...]:
        return tuple(load.percentile_ms(share) for load in loads)

    return [
        Figure(f"{name}, {clients} clients, p50", "ms", at(0.5)),
        Figure(f"{name}, {clients} clients, p99", "ms", at(0.99), limit),
    ]


def _busy(clients: int, loads: list[Load]) -> Figure:
    """Far below 1 the generator waited for the server, not the other way round."""
    busy = tuple(load.busy * 100 for load in loads)
    return Figure(f"load generator, of one core, {clients} clients", "%", busy, BUSY_LIMIT)
