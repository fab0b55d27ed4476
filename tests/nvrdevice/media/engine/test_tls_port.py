"""RTSPS beside RTSP: one server, one list of users, a certificate that may be replaced."""

import contextlib
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from nvrdevice.media.engine.gst import GLib
from nvrdevice.media.engine.rtsp_server import RtspServer
from nvrdevice.media.engine.tls_port import TlsPort
from tests import made_certificate
from tests.made_certificate import files_in
from tests.ports import free_port

LONGEST_S = 20.0
REALM = "tests"
OPTIONS = b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"


class Server:
    """A plain and a TLS port on a main loop of their own thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self._server = RtspServer(self.port, REALM)
        self.tls = TlsPort(self.tls_port, lambda: files_in(folder), self._server.accept_inside_tls)
        self._loop = GLib.MainLoop()
        self._thread = threading.Thread(target=self._loop.run)

    def start(self) -> None:
        self._server.start()
        self._thread.start()
        self.refresh()

    def refresh(self) -> None:
        """In the main loop, as the media process does it."""
        done = threading.Event()

        def act() -> bool:
            self.tls.refresh()
            done.set()
            return False

        GLib.idle_add(act)
        assert done.wait(LONGEST_S)

    def stop(self) -> None:
        GLib.idle_add(self._loop.quit)
        self._thread.join(LONGEST_S)
        self.tls.stop()
        self._server.stop()

    @contextlib.contextmanager
    def client(self, host: str = "127.0.0.1") -> Iterator[ssl.SSLSocket]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection((host, self.tls_port), LONGEST_S) as plain,
            context.wrap_socket(plain) as line,
        ):
            yield line

    def shown(self) -> bytes:
        with self.client() as line:
            return line.getpeercert(binary_form=True) or b""


def answers(line: socket.socket) -> bool:
    line.settimeout(LONGEST_S)
    line.sendall(OPTIONS)
    return line.recv(1000).startswith(b"RTSP/1.0 200 OK\r\n")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    made_certificate.make(tmp_path, "device")
    running.start()
    yield running
    running.stop()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_rtsp_is_answered_inside_tls(server: Server, host: str) -> None:
    with server.client(host) as line:
        assert answers(line)


def test_the_plain_port_stays_plain(server: Server) -> None:
    with server.client(), socket.create_connection(("127.0.0.1", server.port)) as line:
        assert answers(line)


def test_plain_rtsp_on_the_tls_port_is_no_rtsp(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.tls_port)) as line:
        line.settimeout(LONGEST_S)
        line.sendall(OPTIONS)
        with contextlib.suppress(ConnectionResetError):
            assert b"RTSP" not in line.recv(1000)
    with server.client() as line:
        assert answers(line)


def test_who_says_nothing_holds_up_nobody(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.tls_port)), server.client() as line:
        assert answers(line)


def test_a_new_certificate_counts_for_the_next_client(server: Server) -> None:
    with server.client() as before:
        made = made_certificate.make(server.folder, "another")
        server.refresh()
        assert server.shown() == made
        assert answers(before)


def test_a_broken_certificate_leaves_the_last_good_one(server: Server) -> None:
    good = server.shown()
    files_in(server.folder).certificate.write_text("nothing")
    server.refresh()
    assert server.tls.problem == (
        f"The certificate {server.folder}/certificate.pem or its key cannot be read "
        "(they are not in PEM form): make a new one."
    )
    assert server.shown() == good
    made = made_certificate.make(server.folder, "another")
    server.refresh()
    assert (server.tls.problem, server.shown()) == ("", made)


def test_a_key_of_another_certificate_is_not_taken(server: Server) -> None:
    good = server.shown()
    key = files_in(server.folder).key.read_bytes()
    made_certificate.make(server.folder, "another")
    files_in(server.folder).key.write_bytes(key)
    server.refresh()
    assert "(they do not belong together)" in server.tls.problem
    assert server.shown() == good


@pytest.mark.parametrize("old", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_versions_of_tls_that_are_broken_are_not_spoken(
    server: Server, old: ssl.TLSVersion
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = old
    with (
        socket.create_connection(("127.0.0.1", server.tls_port), LONGEST_S) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(plain)


def test_without_a_certificate_only_rtsp_is_served(tmp_path: Path) -> None:
    running = Server(tmp_path)
    running.start()
    try:
        assert running.tls.problem == (
            f"The certificate {tmp_path}/certificate.pem or its key cannot be read "
            "(No such file or directory): make a new one."
        )
        with pytest.raises(ConnectionRefusedError), running.client():
            pass
        with socket.create_connection(("127.0.0.1", running.port)) as line:
            assert answers(line)
        made = made_certificate.make(tmp_path, "device")
        running.refresh()
        assert (running.tls.problem, running.shown()) == ("", made)
    finally:
        running.stop()


def test_a_taken_port_is_said_and_tried_again(tmp_path: Path) -> None:
    running = Server(tmp_path)
    made = made_certificate.make(tmp_path, "device")
    with socket.create_server(("0.0.0.0", running.tls_port)):
        running.start()
        assert running.tls.problem == (
            f"The RTSPS port {running.tls_port} is taken by another program: "
            "end that one or choose another port with RTSPS_PORT."
        )
        assert not running.tls.is_open
    try:
        running.refresh()
        assert (running.tls.problem, running.shown()) == ("", made)
    finally:
        running.stop()
