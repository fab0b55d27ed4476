"""Who is told to play what, from SETUP until it is torn down, times out or the client leaves."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from nvrdevice.media.engine.gst import GstRtsp
from nvrdevice.media.engine.rtsp_clients import RtspClients

TCP = "RTP/AVP/TCP;unicast;interleaved=0-1"
MULTICAST = "RTP/AVP;multicast"


class Emitter:
    """Signals as GObject has them, one receiver each."""

    def __init__(self) -> None:
        self._receivers: dict[str, Callable[..., Any]] = {}

    def connect(self, signal: str, receiver: Callable[..., Any]) -> None:
        self._receivers[signal] = receiver

    def emit(self, signal: str, *about: Any) -> Any:
        return self._receivers[signal](self, *about)


class Server(Emitter):
    def __init__(self) -> None:
        super().__init__()
        self.pool = Emitter()

    def get_session_pool(self) -> Emitter:
        return self.pool


class Client(Emitter):
    def get_connection(self) -> "Client":
        return self

    def get_ip(self) -> str:
        return "127.0.0.1"

    def is_tunneled(self) -> bool:
        return False


class Paths:
    def __init__(self) -> None:
        self.ended: list[str] = []

    def alive(self, path: str) -> bool:
        return True

    def joined(self, path: str) -> None:
        """Nobody asks for it here."""

    def left(self, path: str) -> None:
        self.ended.append(path)


class Request:
    def __init__(self, transport: str) -> None:
        self._headers = {GstRtsp.RTSPHeaderField.TRANSPORT: transport}

    def get_header(self, field: Any, index: int) -> tuple[Any, str | None]:
        if index or field not in self._headers:
            return GstRtsp.RTSPResult.ENOTIMPL, None
        return GstRtsp.RTSPResult.OK, self._headers[field]


def context(path: str, session: str, transport: str = TCP) -> Any:
    return SimpleNamespace(
        token=None,
        uri=SimpleNamespace(abspath=f"/{path}/stream=0"),
        session=named(session),
        request=Request(transport),
    )


def named(session: str) -> Any:
    return SimpleNamespace(get_sessionid=lambda: session)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def paths() -> Paths:
    return Paths()


@pytest.fixture
def known(server: Server, paths: Paths) -> RtspClients:
    return RtspClients(server, paths, lambda _name: False)


@pytest.fixture
def client(server: Server, known: RtspClients) -> Client:
    arrived = Client()
    server.emit("client-connected", arrived)
    return arrived


def test_what_is_torn_down_is_played_no_more(
    client: Client, known: RtspClients, paths: Paths
) -> None:
    client.emit("setup-request", context("profile1", "one"))
    client.emit("setup-request", context("profile2", "two"))
    client.emit("teardown-request", context("profile1", "one"))
    assert known.playing() == {"profile2": 1}
    assert paths.ended == ["profile1"]


def test_what_another_session_plays_goes_on(
    client: Client, known: RtspClients, paths: Paths
) -> None:
    client.emit("setup-request", context("profile1", "one"))
    client.emit("setup-request", context("profile1", "two"))
    client.emit("teardown-request", context("profile1", "one"))
    assert known.playing() == {"profile1": 1}
    assert paths.ended == []


def test_a_group_is_free_when_nobody_is_sent_to_it(client: Client, known: RtspClients) -> None:
    client.emit("setup-request", context("profile1", "one", MULTICAST))
    assert known.multicast_paths() == {"profile1"}
    client.emit("teardown-request", context("profile1", "one", MULTICAST))
    assert known.multicast_paths() == set()


def test_what_nobody_kept_alive_is_played_no_more(
    server: Server, client: Client, known: RtspClients, paths: Paths
) -> None:
    client.emit("setup-request", context("profile1", "one"))
    server.pool.emit("session-removed", named("one"))
    assert known.playing() == {}
    assert paths.ended == ["profile1"]


def test_with_the_client_all_it_played_ends(
    client: Client, known: RtspClients, paths: Paths
) -> None:
    client.emit("setup-request", context("profile1", "one"))
    client.emit("setup-request", context("profile2", "one"))
    client.emit("closed")
    assert known.playing() == {}
    assert sorted(paths.ended) == ["profile1", "profile2"]
