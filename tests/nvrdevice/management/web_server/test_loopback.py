"""Two ends of one connection inside this machine."""

import socket
import threading

import pytest

from nvrdevice.management.web_server import loopback

LONGEST_S = 20.0


def test_what_goes_in_at_one_end_comes_out_at_the_other() -> None:
    near, far = loopback.pair()
    with near, far:
        for one, other in ((near, far), (far, near)):
            one.sendall(b"hello")
            other.settimeout(LONGEST_S)
            assert other.recv(9) == b"hello"


def test_both_ends_are_ours_and_nothing_listens_any_more() -> None:
    near, far = loopback.pair()
    with near, far:
        assert near.getsockname() == far.getpeername()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(far.getsockname(), LONGEST_S)


def test_a_stranger_who_connects_first_is_sent_away() -> None:
    with socket.create_server((loopback.HERE, 0)) as listener:
        address = listener.getsockname()
        with (
            socket.create_connection(address, LONGEST_S) as stranger,
            socket.create_connection(address, LONGEST_S) as near,
        ):
            with loopback.accepted(listener, near) as far:
                assert far.getpeername() == near.getsockname()
            assert stranger.recv(1) == b""


def test_strangers_only_are_an_error() -> None:
    with socket.create_server((loopback.HERE, 0)) as listener, socket.socket() as near:
        near.bind((loopback.HERE, 0))

        def knock() -> None:
            for _ in range(loopback.STRANGERS + 1):
                socket.create_connection(listener.getsockname(), LONGEST_S).close()

        thread = threading.Thread(target=knock)
        thread.start()
        with pytest.raises(ConnectionError):
            loopback.accepted(listener, near)
        thread.join(LONGEST_S)
