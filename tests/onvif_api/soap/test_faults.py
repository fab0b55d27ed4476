"""Every kind of refusal has its code, its subcodes and its HTTP status."""

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.soap.faults import describe


def found(kind: Kind, subcode: str = "") -> tuple[str, int]:
    described = describe(DeviceError(kind, "No.", subcode=subcode))
    return described.label, described.http_status


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.INVALID, ("Sender/InvalidArgVal", 400)),
        (Kind.MISSING, ("Sender/InvalidArgVal", 400)),
        (Kind.CONFLICT, ("Receiver/Action", 500)),
        (Kind.LIMIT, ("Receiver/Action", 500)),
        (Kind.UNAUTHENTICATED, ("Sender/NotAuthorized", 401)),
        (Kind.FORBIDDEN, ("Sender/NotAuthorized", 400)),
        (Kind.UNSUPPORTED, ("Receiver/ActionNotSupported", 500)),
        (Kind.UNAVAILABLE, ("Receiver/Action", 500)),
        (Kind.INTERNAL, ("Receiver/Action", 500)),
    ],
)
def test_the_default_of_a_kind(kind: Kind, expected: tuple[str, int]) -> None:
    assert found(kind) == expected


@pytest.mark.parametrize(
    ("subcode", "expected"),
    [
        ("InvalidArgVal/NoProfile", ("Sender/InvalidArgVal/NoProfile", 400)),
        ("Action/MaxNVTProfiles", ("Receiver/Action/MaxNVTProfiles", 500)),
        ("OperationProhibited/FixedScope", ("Sender/OperationProhibited/FixedScope", 400)),
        ("ter:InvalidArgVal/ter:NoProfile", ("Sender/InvalidArgVal/NoProfile", 400)),
        ("NoProfile", ("Sender/InvalidArgVal/NoProfile", 400)),
        ("Sender/Action/X", ("Sender/Action/X", 400)),
        ("Receiver/InvalidArgVal/X", ("Receiver/InvalidArgVal/X", 500)),
    ],
)
def test_a_subcode_decides(subcode: str, expected: tuple[str, int]) -> None:
    assert found(Kind.INVALID, subcode) == expected


def test_the_reason_is_the_normative_one_and_our_sentence() -> None:
    # Home Assistant tolerates a fault whose text has "not implemented".
    described = describe(DeviceError(Kind.UNSUPPORTED, "There is no PTZ."))
    assert described.reason == "Optional Action Not Implemented: There is no PTZ."
