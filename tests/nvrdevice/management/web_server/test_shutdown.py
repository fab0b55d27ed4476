"""SIGTERM: whoever waits is answered, what cannot be woken is cancelled, nothing is left."""

import signal

from tests.nvrdevice.management.web_server.connection import LONGEST_S, Running


def test_a_waiting_request_is_answered_before_the_end(mortal: Running) -> None:
    with mortal.connect() as client:
        client.send(b"GET /poll HTTP/1.1\r\nHost: device\r\n\r\n")
        with mortal.connect() as other:
            other.send(b"GET /one HTTP/1.1\r\nHost: device\r\n\r\n")
            other.answer()  # so the poll has been received too
        mortal.process.send_signal(signal.SIGTERM)
        assert (client.answer(), client.rest()) == ((200, b"empty"), b"")
    # One signal only: a second one meets Python while it ends, and counts as its own.
    assert mortal.process.wait(LONGEST_S) == 0


def test_half_requests_and_deaf_applications_do_not_hold_it(mortal: Running) -> None:
    with mortal.connect() as half, mortal.connect() as deaf, mortal.connect() as silent:
        half.send(b"POST /one HTTP/1.1\r\nHost: d\r\nContent-Length: 100\r\n\r\nabc")
        deaf.send(b"GET /forever HTTP/1.1\r\nHost: device\r\n\r\n")
        silent.send(b"")
        errors = mortal.end(signal.SIGTERM)
    assert (mortal.process.returncode, "Traceback" in errors) == (0, False)


def test_no_new_connection_once_it_ends(mortal: Running) -> None:
    with mortal.connect() as client:
        client.send(b"GET /forever HTTP/1.1\r\nHost: device\r\n\r\n")
        mortal.end(signal.SIGTERM)
        try:
            with mortal.connect() as late:
                refused = late.closed()
        except ConnectionRefusedError:
            refused = True
    assert refused
