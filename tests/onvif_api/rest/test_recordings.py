"""/recording/jobs: tokens in, and what is recorded because of them."""

from typing import Any

import pytest

from nvrdevice import state
from nvrdevice.audit.models import AuditRow
from nvrdevice.recordings import jobs, triggers
from nvrdevice.recordings.settings import RecordingTriggers
from tests.onvif_api.rest.rest_client import Rest

PATH = "/recording/jobs"


def test_a_token_is_pushed_as_the_owner_did(rest: Rest) -> None:
    answer = rest.ask("POST", PATH, {"token": "door"}, as_="operator")
    assert answer.status_code == 201
    assert answer.json()["recording_triggers"] == ["door"]
    assert [one["token"] for one in answer.json()["active_triggers"]] == ["door"]
    assert state.read(RecordingTriggers).recording_triggers == ("door",)
    row = AuditRow.objects.get(action="trigger recording")
    assert (row.object, row.after) == ("door", {"sources": ["source1"]})


def test_a_token_is_held_and_taken_back(rest: Rest) -> None:
    held = rest.ask("POST", PATH, {"token": "door", "state": True}).json()
    assert held["active_triggers"] == [{"token": "door", "source": "source1", "until": None}]
    left = rest.ask("POST", PATH, {"token": "door", "state": False}).json()
    assert left["active_triggers"] == []
    assert left["recording_triggers"] == ["door"]


def test_the_jobs_are_listed(rest: Rest) -> None:
    jobs.ensure("source1", "Test picture")
    (job,) = rest.get(PATH, as_="viewer")["jobs"]
    assert {name: job[name] for name in ("token", "source", "mode", "state", "reasons")} == {
        "token": "job-source1",
        "source": "source1",
        "mode": "motion",
        "state": "Idle",
        "reasons": [],
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"token": ""}, 400),
        ({"token": "a" * 201}, 400),
        ({"token": "a", "duration_s": 0}, 400),
        ({"token": "a", "duration_s": 9, "state": True}, 400),
        ({"token": "a", "source": "nowhere"}, 404),
    ],
)
def test_what_cannot_be_is_refused(rest: Rest, body: dict[str, Any], status: int) -> None:
    assert rest.ask("POST", PATH, body).status_code == status
    assert state.read(RecordingTriggers).recording_triggers == ()


def test_so_many_tokens_hold_and_no_more(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "TRIGGERS_LIMIT", 2)
    for token in ("a", "b"):
        assert rest.ask("POST", PATH, {"token": token, "state": True}).status_code == 201
    for body in ({"token": "c", "state": True}, {"token": "c"}):
        assert rest.refusal("POST", PATH, body) == (409, "limit", "token")
    assert rest.ask("POST", PATH, {"token": "b", "state": True}).status_code == 201
    assert rest.ask("POST", PATH, {"token": "a", "state": False}).status_code == 201
    assert rest.ask("POST", PATH, {"token": "c", "state": True}).status_code == 201


def test_what_is_held_is_not_ended_by_the_same_token_sent_once(rest: Rest) -> None:
    rest.ask("POST", PATH, {"token": "door", "state": True})
    pushed = rest.ask("POST", PATH, {"token": "door"}).json()
    assert pushed["active_triggers"] == [{"token": "door", "source": "source1", "until": None}]
