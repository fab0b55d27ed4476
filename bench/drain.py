"""python -m bench.drain URI COUNT: clients that play a stream over TCP and throw it away.

A process of its own, so that its work is counted with nothing else's. Says "playing" once all
of them do; ends with SIGTERM.
"""

import select
import sys

from bench.rtsp_client import RtspClient


def main() -> None:
    uri, count = sys.argv[1], int(sys.argv[2])
    poll = select.epoll()
    clients: dict[int, RtspClient] = {}
    for _ in range(count):
        client = RtspClient(uri)
        client.play()
        clients[client.fileno()] = client
        poll.register(client.fileno(), select.EPOLLIN)
        _drain(poll, clients, 0)
    print("playing", flush=True)
    while True:
        _drain(poll, clients, 1)


def _drain(poll: select.epoll, clients: dict[int, RtspClient], timeout_s: float) -> None:
    for number, _ in poll.poll(timeout_s):
        if not clients[number].throw_away():
            raise ConnectionError("the server closed a connection")


if __name__ == "__main__":
    main()
