"""The wire form of a live picture between the media process and the web process. Pure.

A message is a topic (the profile), a JSON header and bytes. A stream is an Opening and then
Parts with rising numbers; every opening has a generation of its own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from nvrdevice.lib.errors import DeviceError, Kind

ADDRESS = "live"
QUEUE_LIMIT = 2000  # messages, on either side: a long group of pictures comes at once
GROUP_PARTS, GROUP_BYTES = 1500, 16_000_000  # what is kept of one, for those who join


@dataclass(frozen=True, kw_only=True)
class Opening:
    """data: the initialisation segment; codec as browsers name it."""

    generation: int
    codec: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Part:
    """data: one fragment, a picture that was taken at wall_ns."""

    generation: int
    sequence: int
    key: bool
    wall_ns: int
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why there is no stream, in a sentence; more may come when that changes."""

    why: str


Message = Opening | Part | Refusal


def topic(profile: str) -> bytes:
    """It ends with a NUL: profile1 is not a prefix of profile10."""
    return profile.encode() + b"\0"


def pack(profile: str, message: Message) -> list[bytes]:
    match message:
        case Opening(generation=generation, codec=codec, width=width, height=height, data=data):
            header: dict[str, object] = {
                "opening": generation, "codec": codec, "width": width, "height": height,
            }  # fmt: skip
        case Part(generation=generation, sequence=number, key=key, wall_ns=wall_ns, data=data):
            header = {"part": number, "of": generation, "key": key, "wall_ns": wall_ns}
        case Refusal(why=why):
            header, data = {"refusal": why}, b""
    return [topic(profile), json.dumps(header).encode(), data]


def unpack(frames: Sequence[bytes]) -> Message:
    """DeviceError(INTERNAL) for anything pack did not make."""
    try:
        _, header, data = frames
        values = json.loads(header)
        if "part" in values:
            return Part(
                generation=int(values["of"]),
                sequence=int(values["part"]),
                key=bool(values["key"]),
                wall_ns=int(values["wall_ns"]),
                data=data,
            )
        if "opening" in values:
            return Opening(
                generation=int(values["opening"]),
                codec=str(values["codec"]),
                width=int(values["width"]),
                height=int(values["height"]),
                data=data,
            )
        return Refusal(why=str(values["refusal"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DeviceError(
            Kind.INTERNAL, "A message of a live picture is broken: its header cannot be read."
        ) from None


class Group:
    """What somebody who joins now needs: the opening and the parts since the last key picture."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._opening: Opening | None = None
        self._parts: list[Part] = []
        self._bytes = 0

    def add(self, message: Opening | Part) -> None:
        if isinstance(message, Opening):
            self.clear()
            self._opening = message
            return
        if message.key:
            self._parts, self._bytes = [], 0
        elif not self._parts:
            return
        self._parts.append(message)
        self._bytes += len(message.data)
        if len(self._parts) > GROUP_PARTS or self._bytes > GROUP_BYTES:
            self._parts, self._bytes = [], 0  # who joins waits for the next key picture

    def messages(self) -> list[Opening | Part]:
        return [] if self._opening is None else [self._opening, *self._parts]
