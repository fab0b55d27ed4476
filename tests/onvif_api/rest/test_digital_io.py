"""/events/digital/: the device process switches, whoever may ask it to."""

from typing import Any

import pytest

from tests.onvif_api.rest.rest_client import Rest


def test_an_input_is_raised(rest: Rest, device_process: list[dict[str, Any]]) -> None:
    answer = rest.ask("POST", "/events/digital/input/2", {"state": True}, as_="operator")
    assert answer.json() == {
        "channel_id": 2,
        "direction": "input",
        "name": "Input 2",
        "state": True,
    }
    by = ("operator", "127.0.0.1", "rest")
    assert device_process == [{"direction": "input", "channel_id": 2, "state": True, "by": by}]


def test_an_output_pulses(rest: Rest, device_process: list[dict[str, Any]]) -> None:
    rest.ask("POST", "/events/digital/output/1", {"state": True, "pulse": True})
    (asked,) = device_process
    assert (asked["channel_id"], asked["pulse"]) == (1, True)


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        ("input/1", {}, (400, "invalid", "state")),
        ("input/1", {"state": 1}, (400, "invalid", "state")),
        ("input/1", {"state": True, "pulse": True}, (400, "invalid", "pulse")),
        ("input/one", {"state": True}, (404, "missing", "channel_id")),
        ("relay/1", {"state": True}, (404, "missing", None)),
    ],
)
def test_what_is_refused(
    rest: Rest,
    device_process: list[dict[str, Any]],
    path: str,
    body: Any,
    refusal: tuple[int, str, str | None],
) -> None:
    assert rest.refusal("POST", f"/events/digital/{path}", body) == refusal
    assert device_process == []


def test_without_the_device_process_it_says_so(rest: Rest) -> None:
    refused = rest.refusal("POST", "/events/digital/input/1", {"state": True})
    assert refused == (503, "unavailable", None)


def test_all_channels(rest: Rest, device_process: list[dict[str, Any]]) -> None:
    found = rest.get("/api/v1/digital", as_="viewer")["channels"]
    assert [one["token"] for one in found] == [
        *(f"input{number}" for number in (1, 2, 3, 4)),
        *(f"output{number}" for number in (1, 2, 3, 4)),
    ]
