"""python -m bench.drain URI COUNT: clients that play a stream over TCP and throw it away.

A process of its own, so that its work is counted with nothing else's. Says "playing" once all
of them do, and to each line it reads how many bytes have come; ends with SIGTERM.
"""

import select
import sys

from bench.rtsp_client import RtspClient

ASKED = sys.stdin.fileno()


def main() -> None:
    uri, count = sys.argv[1], int(sys.argv[2])
    poll = select.epoll()
    clients: dict[int, RtspClient] = {}
    for _ in range(count):
        client = RtspClient(uri)
        client.play()
        clients[client.fileno()] = client
        poll.register(client.fileno(), select.EPOLLIN)
        _take(clients, poll.poll(0))
    print("playing", flush=True)
    poll.register(ASKED, select.EPOLLIN)
    received = 0
    while True:
        ready = poll.poll()
        received += _take(clients, ready)
        if any(number == ASKED for number, _ in ready):
            sys.stdin.readline()
            print(received, flush=True)


def _take(clients: dict[int, RtspClient], ready: list[tuple[int, int]]) -> int:
    """How many bytes came."""
    received = 0
    for number, _ in ready:
        if number == ASKED:
            continue
        came = clients[number].throw_away()
        if not came:
            raise ConnectionError("the server closed a connection")
        received += came
    return received


if __name__ == "__main__":
    main()
