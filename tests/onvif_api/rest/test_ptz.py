"""/ptz/ and /api/v1/ptz/: the defaults of a move, what is refused, presets and home."""

from typing import Any

import pytest

from tests.onvif_api.rest.rest_client import Rest

HEAD = {
    "source": "source1",
    "backend": "digital",
    "can": ["absolute", "continuous", "relative", "set_home"],
    "position": {"pan": 0.25, "tilt": -0.5, "zoom": 0.75},
    "moving": False,
    "problem": "",
    "trouble": "",
    "note": "",
}


def test_a_move_needs_no_more_than_a_direction(
    rest: Rest, device_process: list[dict[str, Any]]
) -> None:
    answer = rest.ask("POST", "/ptz/move", {"pan": 0.5}, as_="operator")
    assert (answer.status_code, answer.json()) == (200, HEAD)
    assert device_process == [
        {
            "source": "source1",
            "mode": "continuous",
            "pan": 0.5,
            "tilt": 0.0,
            "zoom": 0.0,
            "timeout_s": 1.0,
            "mover": "",
        }
    ]


def test_stop(rest: Rest, device_process: list[dict[str, Any]]) -> None:
    assert rest.ask("POST", "/ptz/stop", {"profile_token": "profile1"}).json() == HEAD
    assert device_process == [{"source": "source1"}]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"pan": 1.5}, (400, "pan")),
        ({"pan": "left"}, (400, "pan")),
        ({"zoom": -0.5, "mode": "absolute"}, (400, "zoom")),
        ({"timeout_s": 3600}, (400, "timeout_s")),
        ({"mode": "sideways"}, (400, "mode")),
        ({"speed": 1}, (400, "speed")),
        ({"profile_token": "nowhere"}, (404, "profile_token")),
    ],
)
def test_what_is_refused(
    rest: Rest, device_process: list[dict[str, Any]], body: Any, refusal: Any
) -> None:
    answer = rest.ask("POST", "/ptz/move", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == refusal
    assert device_process == []


def test_without_the_media_process_it_says_so(rest: Rest) -> None:
    answer = rest.ask("POST", "/ptz/move", {"pan": 1})
    assert answer.status_code == 503
    assert "nothing can be moved" in answer.json()["error"]["text"]


def test_presets(rest: Rest, device_process: list[dict[str, Any]]) -> None:
    made = rest.ask("POST", "/api/v1/ptz/presets", {"name": "Gate"})
    assert (made.status_code, made.json()) == (201, {"token": "preset1", "name": "Gate"})
    again = rest.ask("POST", "/api/v1/ptz/presets", {"name": "Gate"})
    assert (again.status_code, again.json()["error"]["field"]) == (409, "name")
    renamed = rest.ask("PUT", "/api/v1/ptz/presets/preset1", {"name": "Yard"})
    assert renamed.json() == {"token": "preset1", "name": "Yard"}
    found = rest.ask("GET", "/api/v1/ptz/presets", as_="viewer").json()
    assert found == {"presets": [{"token": "preset1", "name": "Yard"}]}
    assert rest.ask("POST", "/api/v1/ptz/presets/preset1/go", {}).status_code == 200
    assert device_process[-1] == {"source": "source1", "number": 1}
    assert rest.ask("DELETE", "/api/v1/ptz/presets/preset1").status_code == 204
    assert rest.ask("POST", "/api/v1/ptz/presets/preset1/go", {}).status_code == 404


def test_home(rest: Rest, device_process: list[dict[str, Any]]) -> None:
    assert rest.ask("PUT", "/api/v1/ptz/home", {}).json() == HEAD
    assert rest.ask("POST", "/api/v1/ptz/home", {}).json() == HEAD
    assert rest.ask("GET", "/api/v1/ptz").json() == HEAD
