"""The wire form between the processes: what goes in comes out, anything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvrdevice.lib import question_frames as frames
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Question, Reply


def test_a_question_comes_out_as_it_went_in() -> None:
    question = Question("7", "snapshot", {"profile": "profile1", "width": 640})
    assert frames.decode_question(frames.encode_question(question)) == question


def test_an_answer_comes_out_as_it_went_in() -> None:
    reply = Reply({"width": 640}, b"\xff\xd8")
    assert frames.decode_reply(frames.encode_reply("7", reply)) == ("7", reply)


def test_a_refusal_comes_out_as_it_was_raised() -> None:
    error = DeviceError(Kind.LIMIT, "Too many.", subcode="Action/MaxNVTProfiles", field="Token")
    id, found = frames.decode_reply(frames.encode_error("7", error))
    assert isinstance(found, DeviceError)
    assert (id, found.kind, found.text, found.subcode, found.field) == (
        "7",
        error.kind,
        error.text,
        error.subcode,
        error.field,
    )


def test_an_answer_that_is_too_large_is_a_refusal() -> None:
    encoded = frames.encode_reply("7", Reply({}, b"\0" * (frames.BODY_LIMIT + 1)))
    assert isinstance(frames.decode_reply(encoded)[1], DeviceError)


def test_a_question_that_is_too_large_is_not_sent() -> None:
    with pytest.raises(DeviceError):
        frames.encode_question(Question("7", "snapshot", {"profile": "x" * frames.HEADER_LIMIT}))


@given(st.lists(st.binary(max_size=80), max_size=3))
def test_any_frames_are_a_message_or_refused(found: list[bytes]) -> None:
    for decode in (frames.decode_question, frames.decode_reply):
        with pytest.raises(DeviceError):
            decode(found)


@pytest.mark.parametrize(
    "header",
    [
        b"{}",
        b'{"id": 7}',
        b'{"id": "7"}',
        b'{"id": "7", "name": 1, "arguments": {}}',
        b'{"id": "7", "name": "x", "arguments": []}',
        b"[" * 20_000,
    ],
)
def test_a_header_of_another_shape_is_refused(header: bytes) -> None:
    for decode in (frames.decode_question, frames.decode_reply):
        with pytest.raises(DeviceError) as refused:
            decode([header, b""])
        assert refused.value.kind == Kind.INTERNAL
