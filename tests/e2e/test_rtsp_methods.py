"""The RTSP server says what it serves, and answers nothing that tells a guesser more."""

import hashlib
import re
import socket

import pytest

from tests.e2e.running_device import PASSWORD, RunningDevice

pytestmark = pytest.mark.e2e

SERVED = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"
LONGEST_S = 20.0
TRIES = 40  # more than enough to be slowed down, on a slow machine too


def ask(
    device: RunningDevice,
    method: str,
    header: bytes = b"",
    body: bytes = b"",
    *,
    address: str = "127.0.0.1",
) -> list[str]:
    """The lines of the answer to one request on a connection of its own."""
    head = f"{method} {url(device)} RTSP/1.0\r\nCSeq: 7\r\nContent-Length: {len(body)}\r\n"
    server = ("127.0.0.1", device.rtsp_port)
    with socket.create_connection(server, LONGEST_S, (address, 0)) as line:
        line.sendall(head.encode() + header + b"\r\n" + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            data = line.recv(4096)
            assert data, "the server closed the connection without an answer"
            answer += data
    return answer.decode().split("\r\n")


def url(device: RunningDevice) -> str:
    return f"rtsp://127.0.0.1:{device.rtsp_port}/profile1"


def login(
    device: RunningDevice, method: str, password: str, *, address: str = "127.0.0.1"
) -> bytes:
    """An answer to a challenge of the server."""
    challenge = "".join(ask(device, "DESCRIBE", address=address))
    realm, nonce = (re.findall(f'{name}="([^"]*)"', challenge)[0] for name in ("realm", "nonce"))
    who = md5(f"admin:{realm}:{password}")
    response = md5(f"{who}:{nonce}:{md5(f'{method}:{url(device)}')}")
    return (
        f'Authorization: Digest username="admin", realm="{realm}", nonce="{nonce}", '
        f'uri="{url(device)}", response="{response}"\r\n'
    ).encode()


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_options_lists_what_is_served_and_nothing_else(device: RunningDevice) -> None:
    answer = ask(device, "OPTIONS")
    assert answer[0] == "RTSP/1.0 200 OK"
    assert [each for each in answer if each.startswith("Public")] == [f"Public: {SERVED}"]
    assert "CSeq: 7" in answer


@pytest.mark.parametrize("method", ["ANNOUNCE", "RECORD"])
@pytest.mark.parametrize("password", [PASSWORD, "wrong-password"])
def test_a_method_that_sends_pictures_here_tells_no_password(
    device: RunningDevice, method: str, password: str
) -> None:
    header = login(device, method, password) + b"Content-Type: application/sdp\r\n"
    answer = ask(device, method, header, b"v=0\r\n")
    assert answer[0] == "RTSP/1.0 405 Method Not Allowed"
    assert [each for each in answer if each.startswith("Allow")] == [f"Allow: {SERVED}"]


def test_a_user_name_that_is_no_text_is_a_bad_request(device: RunningDevice) -> None:
    header = b'Authorization: Digest username="\xff\xfe", realm="nvrdevice"\r\n'
    assert ask(device, "DESCRIBE", header)[0] == "RTSP/1.0 400 Bad Request"


@pytest.mark.parametrize(
    ("method", "address"), [("DESCRIBE", "127.0.0.71"), ("SETUP", "127.0.0.72")]
)
def test_guesses_are_slowed_down_whatever_asks(
    device: RunningDevice, method: str, address: str
) -> None:
    header = b"Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
    answers: list[str] = []
    while len(answers) < TRIES and "RTSP/1.0 503 Service Unavailable" not in answers:
        guess = login(device, method, "wrong-password", address=address)
        answers.append(ask(device, method, header + guess, address=address)[0])
    assert set(answers[:-1]) == {"RTSP/1.0 401 Unauthorized"}
    assert answers[-1] == "RTSP/1.0 503 Service Unavailable"


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (b'realm="', b'realm="another '),
        (b"Digest", b"Digests"),
        (b"\r\n", b', realm="another"\r\n'),
        (b"\r\n", b", username*=UTF-8''bob\r\n"),
        (b"\r\n", b', opaque="' + b"x" * 5000 + b'"\r\n'),
        (b"Authorization", b'Authorization: Digest username="bob"\r\nAuthorization'),
    ],
)
def test_what_is_not_counted_as_a_guess_is_not_looked_at(
    device: RunningDevice, written: bytes, instead: bytes
) -> None:
    header = login(device, "DESCRIBE", PASSWORD).replace(written, instead, 1)
    answer = ask(device, "DESCRIBE", header)
    assert answer[0] == "RTSP/1.0 401 Unauthorized"
    assert [each for each in answer if each.startswith("WWW-Authenticate: Digest ")]
