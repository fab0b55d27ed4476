"""The wire form of a question to another process of this device and of its answer. Pure.

A message is one JSON header frame and one frame of bytes (often empty), both bounded. The id
pairs an answer with its question, so that a late answer is never taken for another's.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from nvrdevice.lib.errors import DeviceError, Kind

HEADER_LIMIT = 64_000
BODY_LIMIT = 16_000_000


@dataclass(frozen=True)
class Question:
    id: str
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


class Reply(NamedTuple):
    """values: plain JSON; body: bytes such as a JPEG."""

    values: Mapping[str, Any] = MappingProxyType({})
    body: bytes = b""


def encode_question(question: Question) -> list[bytes]:
    return [
        _header({"id": question.id, "name": question.name, "arguments": question.arguments}),
        b"",
    ]


def decode_question(frames: Sequence[bytes]) -> Question:
    header = _read_header(frames)
    name, arguments = header.get("name"), header.get("arguments")
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise _broken("a question needs a name and arguments")
    return Question(header["id"], name, arguments)


def encode_reply(id: str, reply: Reply) -> list[bytes]:
    if len(reply.body) > BODY_LIMIT:
        return encode_error(id, _broken(f"the answer is larger than {BODY_LIMIT:,} bytes"))
    return [_header({"id": id, "values": dict(reply.values)}), reply.body]


def encode_error(id: str, error: DeviceError) -> list[bytes]:
    told = {
        "kind": error.kind.value,
        "text": error.text[:1000],
        "subcode": error.subcode,
        "field": error.field,
    }
    return [_header({"id": id, "error": told}), b""]


def decode_reply(frames: Sequence[bytes]) -> tuple[str, Reply | DeviceError]:
    """The id, and the answer or the refusal the other side gave."""
    header = _read_header(frames)
    error = header.get("error")
    if isinstance(error, dict):
        try:
            kind = Kind(error.get("kind"))
        except ValueError:
            kind = Kind.INTERNAL
        refusal = DeviceError(
            kind,
            str(error.get("text", "")),
            subcode=str(error.get("subcode") or ""),
            field=error.get("field"),
        )
        return header["id"], refusal
    values = header.get("values")
    if not isinstance(values, dict):
        raise _broken("an answer needs values or an error")
    return header["id"], Reply(values, frames[1])


def _header(values: dict[str, Any]) -> bytes:
    data = json.dumps(values, separators=(",", ":")).encode()
    if len(data) > HEADER_LIMIT:
        raise _broken(f"the header is larger than {HEADER_LIMIT:,} bytes")
    return data


def _read_header(frames: Sequence[bytes]) -> dict[str, Any]:
    if len(frames) != 2 or len(frames[0]) > HEADER_LIMIT or len(frames[1]) > BODY_LIMIT:
        raise _broken("it is not one header and one body within their bounds")
    try:
        header = json.loads(frames[0])
    except (ValueError, RecursionError):
        raise _broken("its header is not JSON") from None
    if not isinstance(header, dict) or not isinstance(header.get("id"), str):
        raise _broken("its header has no id")
    return header


def _broken(why: str) -> DeviceError:
    return DeviceError(Kind.INTERNAL, f"A message between the device's processes is broken: {why}.")
