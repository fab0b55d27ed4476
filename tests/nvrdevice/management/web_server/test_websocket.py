"""WebSockets over the same port: messages, bounds and the end."""

import signal
import time

import pytest

from tests.nvrdevice.management.web_server.connection import LONGEST_S, Running
from tests.nvrdevice.management.web_server.frames import (
    ACCEPT,
    CLOSE,
    TEXT,
    close_code,
    frame,
    read_frame,
    upgrade,
)
from tests.nvrdevice.management.web_server.serve import LIMITS


def test_a_message_comes_back(server: Running) -> None:
    with server.connect() as client:
        head = upgrade(client)
        client.send(frame(b"hello"))
        answered = read_frame(client)
    assert (head.startswith(b"HTTP/1.1 101 "), ACCEPT in head) == (True, True)
    assert answered == (TEXT, b"hello")


def test_an_upgrade_byte_by_byte(server: Running) -> None:
    with server.connect() as client:
        upgrade(client)
        for byte in frame(b"hi"):
            client.send(bytes([byte]))
        assert read_frame(client) == (TEXT, b"hi")


def test_too_large_a_message_ends_the_connection(server: Running) -> None:
    with server.connect() as client:
        upgrade(client)
        client.send(frame(b"x" * (LIMITS.websocket_message_bytes + 1)))
        kind, content = read_frame(client)
    assert (kind, close_code(content)) == (CLOSE, 1009)


def test_messages_that_nobody_looks_at_do_not_pile_up(server: Running) -> None:
    with server.connect() as client:
        upgrade(client)
        client.send(frame(b"stall") + frame(b"more") * (LIMITS.websocket_waiting + 2))
        kind, content = read_frame(client)
    assert (kind, close_code(content)) == (CLOSE, 1008)


@pytest.mark.parametrize("path", [b"/ws/", b"/refused"])
def test_nothing_is_left_of_websockets_that_ended(mortal: Running, path: bytes) -> None:
    for _ in range(30):
        with mortal.connect() as client:
            upgrade(client, path)
    until_s = time.monotonic() + LONGEST_S
    while (left := channels(mortal)) > 1 and time.monotonic() < until_s:
        time.sleep(0.2)
    assert left == 1  # the one that asks


def channels(server: Running) -> int:
    with server.connect() as client:
        client.send(b"GET /channels HTTP/1.1\r\nHost: d\r\n\r\n")
        return int(client.answer()[1])


def test_the_seat_is_free_after_a_websocket(server: Running) -> None:
    for _ in range(LIMITS.connections + 5):
        with server.connect() as client:
            upgrade(client)
    with server.connect() as client:
        upgrade(client)
        client.send(frame(b"room"))
        assert read_frame(client) == (TEXT, b"room")


def test_the_end_is_said(mortal: Running) -> None:
    with mortal.connect() as client:
        upgrade(client)
        client.send(frame(b"hello"))
        read_frame(client)
        mortal.process.send_signal(signal.SIGTERM)
        kind, content = read_frame(client)
    mortal.end(signal.SIGTERM)
    assert (kind, close_code(content), mortal.process.returncode) == (CLOSE, 1001, 0)


def test_a_refused_socket_is_no_trouble(mortal: Running) -> None:
    with mortal.connect() as client:
        assert upgrade(client, b"/refused").startswith(b"HTTP/1.1 403 ")
    with mortal.connect() as client:  # served after the first has been taken down
        upgrade(client)
    assert mortal.end(signal.SIGTERM).count("ERROR") == 0
