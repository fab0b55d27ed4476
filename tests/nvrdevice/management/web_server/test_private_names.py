"""What our server uses of Daphne and Twisted without being promised it.

A release that renames one of these fails here, with the name, instead of on somebody's network.
Daphne is imported in a process of its own: its import installs Twisted's reactor.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

Look = Callable[[str], str]

LOOK = """
import sys
from daphne import http_protocol, server, ws_protocol
from twisted.internet import tcp
from twisted.protocols import tls
from twisted.web import http
for line in sys.stdin:
    print(eval(line), flush=True)
"""


@pytest.fixture(scope="module")
def look() -> Iterator[Callable[[str], str]]:
    """Evaluates an expression where Daphne is imported."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOOK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def ask(expression: str) -> str:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(expression + "\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    yield ask
    process.communicate()


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (
            "http.HTTPChannel",
            "allContentReceived allHeadersReceived dataReceived headerReceived lineLengthExceeded "
            "line_mode _respondToBadRequestAndDisconnect maxHeaders totalHeadersSize persistent "
            "_send100Continue _savedTimeOut setTimeout",
        ),
        ("http.HTTPChannel()", "_handlingRequest requests"),
        ("http.Request", "gotLength handleContentChunk requestReceived"),
        (
            "http_protocol.WebRequest",
            "process handle_reply basic_error check_timeouts handle_exception",
        ),
        ("http_protocol.HTTPFactory", "buildProtocol log doStart doStop"),
        ("ws_protocol.WebSocketProtocol", "onMessage sendCloseFrame muted makeConnection"),
        ("ws_protocol.WebSocketFactory", "buildProtocol setProtocolOptions"),
        (
            "server.Server",
            "create_application handle_reply kill_all_applications application_checker "
            "timeout_checker protocol_connected protocol_disconnected",
        ),
        ("server.reactor", "_asyncioEventloop adoptStreamPort callWhenRunning addReader"),
        (
            "tcp.Server",
            "registerProducer unregisterProducer abortConnection getPeer pauseProducing fileno "
            "_shouldShutdown",
        ),
        ("tls.BufferingTLSTransport", "_shutdownTLS abortConnection getPeer"),
        ("tls.TLSMemoryBIOFactory", "protocol buildProtocol"),
    ],
)
def test_names_we_rely_on_are_there(owner: str, names: str, look: Look) -> None:
    missing = f"[name for name in {names.split()!r} if not hasattr({owner}, name)]"
    assert look(missing) == "[]"


def test_the_channel_knows_the_path_before_the_body(look: Look) -> None:
    # Request.gotLength reads channel._path, which lineReceived sets.
    assert look("'_path' in http.HTTPChannel.lineReceived.__code__.co_names") == "True"


def test_request_takes_the_switch_that_stops_form_parsing(look: Look) -> None:
    code = "http_protocol.WebRequest.__init__.__code__"
    assert look(f"{code}.co_flags & 8 != 0 or 'parsePOSTFormSubmission' in {code}.co_varnames") == (
        "True"
    )


def test_daphne_keeps_an_application_where_we_look_for_it(look: Look) -> None:
    constants = "server.Server.create_application.__code__.co_consts"
    assert look(f"'application_instance' in {constants}") == "True"


def test_http_2_is_not_offered(look: Look) -> None:
    assert look("http.H2_ENABLED") == "False"
