"""Trying an address before it becomes a source, and the cameras this machine has.

The media process does it. A login goes there sealed, into no log and no answer. Nothing is
changed, so nothing is audited; the log tells who had the device connect where.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from nvrdevice.accounts import book
from nvrdevice.audit import trail
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import profiles, requests, sources, uris
from nvrdevice.media.settings import Source
from nvrdevice.media.source_uri import shown, with_login

log = logging.getLogger(__name__)

AT_ONCE = 2  # as many as the media process takes
TURN_S = 25.0
ANSWER_S = 30.0  # a trial takes 20 s at most, closing it some more
LOOK_S = 10.0
MEASURE_S = 4.0
LOOPBACK = "127.0.0.1"

_turns = threading.BoundedSemaphore(AT_ONCE)
Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a source would be; picture: a small JPEG of it."""

    codec: str
    width: int
    height: int
    fps: float
    pass_through: bool
    kbps: int = 0  # where it was measured
    picture: bytes


@dataclass(frozen=True, kw_only=True)
class FoundCamera:
    """trouble: why a camera that is there cannot be opened."""

    uri: str
    name: str
    trouble: str = ""


def try_source(source: Source, by: trail.Actor) -> Trial:
    """source: as sources.draft makes it. DeviceError says why it gives no picture."""
    log.info("%s at %s tries the source %s", by.username, by.address, shown(source.uri))
    trial = _in_turn(lambda: _try(source.uri, source.sealed_login))
    if source.sub_uri:
        try:
            _in_turn(lambda: _try(source.sub_uri, source.sealed_sub_login))
        except DeviceError as error:
            raise DeviceError(
                error.kind, f"Second address: {error.text}", field="sub_uri"
            ) from error
    return trial


def play_own_stream(profile: str, by: trail.Actor) -> Trial:
    """What a client gets from this device's own RTSP server, played for some seconds by who asks.

    FORBIDDEN where their account may not sign in over RTSP.
    """
    account = book.find(by.username)
    password = book.password_of(account) if account is not None else None
    if password is None:
        raise DeviceError(
            Kind.FORBIDDEN,
            "Your account has no ONVIF access, so it may not play a stream over RTSP.",
        )
    address = with_login(uris.stream_uri(profile, LOOPBACK), by.username, password)
    draft = sources.draft(address)
    log.info("%s at %s plays the own stream %s", by.username, by.address, profile)
    return _in_turn(lambda: _try(draft.uri, draft.sealed_login, measure_s=MEASURE_S))


def running_stream(profile: str) -> Trial | None:
    """What the media process measures of a stream where it is made; None where none runs."""
    found = profiles.profile(profile).video_encoder
    if found is None:
        return None
    source = requests.ask("status").values["sources"].get(found.source, {})
    seen = source.get("streams", {}).get(found.token)
    if not seen or not seen["frames"]:
        return None
    return Trial(
        codec=found.encoding,
        width=seen["width"],
        height=seen["height"],
        fps=seen["fps"],
        kbps=seen["kbps"],
        pass_through=found.pass_through,
        picture=b"",
    )


def found_cameras() -> tuple[FoundCamera, ...]:
    """The cameras of this machine; UNAVAILABLE while the media process is away."""
    values = requests.ask("cameras", timeout_s=LOOK_S).values
    return tuple(FoundCamera(**one) for one in values["cameras"])


def _try(uri: str, sealed_login: str, *, measure_s: float = 0.0) -> Trial:
    reply = requests.ask(
        "try_source",
        timeout_s=ANSWER_S,
        uri=uri,
        sealed_login=sealed_login,
        measure_s=measure_s,
    )
    return Trial(**reply.values, picture=reply.body)


def _in_turn(act: Callable[[], Answer]) -> Answer:
    """A page with several pictures asks for all of them at once."""
    if not _turns.acquire(timeout=TURN_S):
        raise DeviceError(
            Kind.UNAVAILABLE, "Other addresses are being tried just now: try again shortly."
        )
    try:
        return act()
    finally:
        _turns.release()
