"""Questions to the media process: answers, refusals, bounds, and a process that is away."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.lib import asking
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media import requests
from nvrdevice.media.request_server import Handler, RequestServer

Serve = Callable[[Mapping[str, Handler]], RequestServer]


@pytest.fixture
def sockets(tmp_path: Path) -> RunSockets:
    return RunSockets(tmp_path / "run")


@pytest.fixture
def serve(sockets: RunSockets) -> Iterator[Serve]:
    started: list[RequestServer] = []

    def start(handlers: Mapping[str, Handler]) -> RequestServer:
        server = RequestServer(handlers, sockets)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


def snapshot(arguments: dict[str, Any]) -> Reply:
    if arguments["profile"] != "profile1":
        raise DeviceError(Kind.MISSING, "No such picture.", subcode="InvalidArgVal/NoProfile")
    return Reply({"width": 4}, b"\xff\xd8jpeg")


def test_an_answer_brings_values_and_bytes(serve: Serve, sockets: RunSockets) -> None:
    serve({"snapshot": snapshot})
    assert requests.ask("snapshot", sockets=sockets, profile="profile1") == Reply(
        {"width": 4}, b"\xff\xd8jpeg"
    )


def test_an_event_loop_gets_the_same_answer(serve: Serve, sockets: RunSockets) -> None:
    serve({"snapshot": snapshot})
    reply = asyncio.run(requests.ask_async("snapshot", sockets=sockets, profile="profile1"))
    assert reply == Reply({"width": 4}, b"\xff\xd8jpeg")


def test_a_refusal_arrives_as_it_was_raised(serve: Serve, sockets: RunSockets) -> None:
    serve({"snapshot": snapshot})
    with pytest.raises(DeviceError) as refused:
        requests.ask("snapshot", sockets=sockets, profile="profile9")
    assert (refused.value.kind, refused.value.text, refused.value.subcode) == (
        Kind.MISSING,
        "No such picture.",
        "InvalidArgVal/NoProfile",
    )


def test_an_unknown_name_is_unsupported(serve: Serve, sockets: RunSockets) -> None:
    serve({})
    with pytest.raises(DeviceError) as refused:
        requests.ask("dance", sockets=sockets)
    assert refused.value.kind == Kind.UNSUPPORTED


def test_a_failing_handler_is_an_internal_error_and_serving_goes_on(
    serve: Serve, sockets: RunSockets
) -> None:
    serve({"status": lambda _: Reply(), "snapshot": snapshot})
    with pytest.raises(DeviceError) as refused:
        requests.ask("snapshot", sockets=sockets)
    assert refused.value.kind == Kind.INTERNAL
    assert requests.ask("status", sockets=sockets) == Reply()


def test_an_absent_media_process_is_unavailable(sockets: RunSockets) -> None:
    with pytest.raises(DeviceError) as refused:
        requests.ask("status", sockets=sockets)
    assert refused.value.kind == Kind.UNAVAILABLE
    with pytest.raises(DeviceError) as refused:
        asyncio.run(requests.ask_async("status", sockets=sockets))
    assert refused.value.kind == Kind.UNAVAILABLE


def test_a_media_process_started_anew_is_found(serve: Serve, sockets: RunSockets) -> None:
    first = serve({"status": lambda _: Reply({"start": 1})})
    assert requests.ask("status", sockets=sockets).values == {"start": 1}
    first.stop()
    with pytest.raises(DeviceError):
        requests.ask("status", sockets=sockets)
    serve({"status": lambda _: Reply({"start": 2})})
    assert requests.ask("status", sockets=sockets).values == {"start": 2}


def test_a_slow_answer_holds_up_no_other(serve: Serve, sockets: RunSockets) -> None:
    release = threading.Event()

    def slow(_: dict[str, Any]) -> Reply:
        release.wait(10)
        return Reply({"slow": True})

    serve({"slow": slow, "status": lambda _: Reply()})
    answers: list[Reply] = []
    asking = threading.Thread(
        target=lambda: answers.append(requests.ask("slow", sockets=sockets, timeout_s=10))
    )
    asking.start()
    assert requests.ask("status", sockets=sockets) == Reply()
    release.set()
    asking.join()
    assert answers == [Reply({"slow": True})]


def test_a_silent_media_process_is_unavailable_after_the_time_given(
    serve: Serve, sockets: RunSockets
) -> None:
    release = threading.Event()

    def never(_: dict[str, Any]) -> Reply:
        release.wait(10)
        return Reply()

    serve({"status": never})
    for ask in (
        lambda: requests.ask("status", sockets=sockets, timeout_s=0.1),
        lambda: asyncio.run(requests.ask_async("status", sockets=sockets, timeout_s=0.1)),
    ):
        with pytest.raises(DeviceError) as refused:
            ask()
        assert (
            refused.value.text
            == "The media process did not answer 'status' within 0.1 s: try again."
        )
    release.set()


def test_a_media_process_that_ends_meanwhile_is_noticed(serve: Serve, sockets: RunSockets) -> None:
    asked, release = threading.Event(), threading.Event()

    def last_words(_: dict[str, Any]) -> Reply:
        asked.set()
        release.wait(10)
        return Reply()

    server = serve({"status": last_words})
    told: list[str] = []

    def ask() -> None:
        try:
            requests.ask("status", sockets=sockets, timeout_s=60)
        except DeviceError as error:
            told.append(error.text)

    asking = threading.Thread(target=ask)
    asking.start()
    asked.wait(10)
    server.stop()
    asking.join(30)
    release.set()
    assert told == [
        "The media process ended before it answered: it is started again within seconds; try then."
    ]


def test_questions_under_way_are_bounded(serve: Serve, sockets: RunSockets) -> None:
    serve({"status": lambda _: Reply()})
    for _ in range(asking.UNDER_WAY_LIMIT):
        assert asking._under_way.acquire(blocking=False)
    try:
        with pytest.raises(DeviceError) as refused:
            requests.ask("status", sockets=sockets)
        assert refused.value.kind == Kind.UNAVAILABLE
    finally:
        for _ in range(asking.UNDER_WAY_LIMIT):
            asking._under_way.release()
    assert requests.ask("status", sockets=sockets) == Reply()
