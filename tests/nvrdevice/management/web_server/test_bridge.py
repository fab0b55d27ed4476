"""Carrying between a TLS client and a loopback connection: whole, bounded, and ended together."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twisted.internet.task import Clock

from nvrdevice.management.web_server import bridge
from nvrdevice.management.web_server.bridge import Side

END_S = 5.0


class Transport:
    """A transport that takes nothing while it is told to be full."""

    def __init__(self) -> None:
        self.written = b""
        self.reading = True
        self.closed = self.aborted = False
        self.producer: Any = None

    def write(self, data: bytes) -> None:
        self.written += data

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        assert streaming
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None

    def pauseProducing(self) -> None:
        self.reading = False

    def resumeProducing(self) -> None:
        self.reading = True

    def loseConnection(self) -> None:
        self.closed = True

    def abortConnection(self) -> None:
        self.aborted = True


class Reactor(Clock):  # type: ignore[misc]
    """Adopts a connection by giving its protocol a transport of the test's own."""

    def __init__(self) -> None:
        super().__init__()
        self.back = Transport()

    def adoptStreamConnection(self, descriptor: int, family: int, factory: Any) -> None:
        factory.buildProtocol(None).makeConnection(self.back)


class Bridge:
    def __init__(self) -> None:
        self.reactor = Reactor()
        self.client = Transport()
        self.gone = 0
        near, self.far = socket.socketpair()
        self.front = bridge.build(self.client, near, self.reactor, END_S, self._note)
        self.back: Side = self.front.other

    @property
    def inside(self) -> Transport:
        return self.reactor.back

    def _note(self) -> None:
        self.gone += 1


@pytest.fixture
def carrying() -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.far.close()


def test_bytes_go_both_ways(carrying: Bridge) -> None:
    carrying.front.dataReceived(b"question")
    carrying.back.dataReceived(b"answer")
    assert (carrying.inside.written, carrying.client.written) == (b"question", b"answer")


def test_a_line_never_goes_on_without_its_end(carrying: Bridge) -> None:
    pieces = [b"OPTIONS * RTSP/1.0\r", b"\nCSeq: 1", b"\r", b"\n\r", b"\n"]
    seen = []
    for piece in pieces:
        carrying.front.dataReceived(piece)
        seen.append(carrying.inside.written)
    assert seen[-1] == b"".join(pieces)
    assert not any(each.endswith(b"\r") for each in seen)


def test_a_client_that_reads_nothing_stops_the_stream(carrying: Bridge) -> None:
    carrying.client.producer.pauseProducing()  # as its transport does when it is full
    assert (carrying.inside.reading, carrying.client.reading) == (False, True)
    carrying.client.producer.resumeProducing()
    assert carrying.inside.reading


def test_a_server_that_reads_nothing_stops_the_client(carrying: Bridge) -> None:
    carrying.inside.producer.pauseProducing()
    assert (carrying.inside.reading, carrying.client.reading) == (True, False)


ENDS: list[Callable[[Bridge], tuple[Side, Transport]]] = [
    lambda made: (made.front, made.inside),
    lambda made: (made.back, made.client),
]


@pytest.mark.parametrize("end", ENDS, ids=["client", "server"])
def test_with_one_side_the_other_ends(
    carrying: Bridge, end: Callable[[Bridge], tuple[Side, Transport]]
) -> None:
    lost, left = end(carrying)
    left.reading = False
    lost.connectionLost()
    assert (left.closed, left.producer, left.reading) == (True, None, True)
    carrying.reactor.advance(END_S)
    assert left.aborted


def test_who_ends_in_time_is_not_cut_off(carrying: Bridge) -> None:
    carrying.back.connectionLost()
    carrying.front.connectionLost()
    carrying.reactor.advance(END_S)
    assert not carrying.client.aborted
    assert not carrying.inside.closed


def test_the_client_s_going_is_told_once(carrying: Bridge) -> None:
    carrying.back.connectionLost()
    assert carrying.gone == 0
    carrying.front.connectionLost()
    assert carrying.gone == 1


def test_what_comes_after_the_end_is_dropped(carrying: Bridge) -> None:
    carrying.front.connectionLost()
    carrying.back.dataReceived(b"late")
    assert carrying.client.written == b""
