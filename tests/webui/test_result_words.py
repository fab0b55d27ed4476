"""What became of a request, as a person reads it."""

import pytest

from nvrdevice.lib.errors import Kind
from onvif_api.soap.faults import DEFAULT_SUBCODE, GENERIC
from webui import result_words


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ("ok", "OK"),
        ("Sender/NotAuthorized", "Not allowed to this user"),
        ("Sender/InvalidArgVal/NoProfile", "No profile"),
        ("Receiver/ActionNotSupported", "Not offered by this device"),
        ("MustUnderstand", "It asked for what this device does not know"),
        ("username_clash", "Username clash"),
        ("401", "Not signed in"),
        ("client gone", "The client left before the answer"),
        ("<b>", "<b>"),
    ],
)
def test_results(result: str, told: str) -> None:
    assert result_words.words(result, signed_in=True) == told


@pytest.mark.parametrize("result", ["Sender/NotAuthorized", "unauthenticated"])
def test_who_did_not_sign_in_is_not_told_to_have_no_right(result: str) -> None:
    assert result_words.words(result, signed_in=False) == "Not signed in"


def test_every_kind_and_every_generic_fault_has_words() -> None:
    codes = {*(kind.value for kind in Kind), *GENERIC, *DEFAULT_SUBCODE.values()}
    assert codes - set(result_words.WORDS) == set()
