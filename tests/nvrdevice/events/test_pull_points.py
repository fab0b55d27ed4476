"""Pull points: what they give, in which order, to whom and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from nvrdevice.events import filters, publish, pull_points
from nvrdevice.events.filters import EVERYTHING, Expression, Filter
from nvrdevice.events.models import Event, PullPoint
from nvrdevice.events.namespaces import TOPICS
from nvrdevice.events.pull_points import Who
from nvrdevice.events.refusals import Reason, Refused
from nvrdevice.events.topic_filter import CONCRETE_SET
from nvrdevice.lib.clock import ManualClock
from tests.nvrdevice.events.conftest import MOTION, PRESET

pytestmark = pytest.mark.django_db

NVR = Who(user_id=7, username="nvr", level=2)
OTHER = Who(user_id=8, username="other", level=2)
ADMIN = Who(user_id=1, username="admin", level=3)
MINUTE = timedelta(seconds=60)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 5, 1, 12, 0, tzinfo=UTC))


def move(state: bool, source: str = "source1") -> None:
    publish(MOTION, {"Source": source}, {"State": state})


def reach(preset: str) -> None:
    publish(PRESET, {"PTZConfigurationToken": "ptz"}, {"PresetToken": preset, "PresetName": ""})


def create(clock: ManualClock, filter: Filter = EVERYTHING) -> str:
    row, _ = pull_points.create(filter, NVR, MINUTE, clock)
    return row.token


def pull(clock: ManualClock, token: str, limit: int = 100, who: Who = NVR) -> list[tuple[str, str]]:
    taken = pull_points.take(token, who, limit, 0, clock)
    return [(each.operation, *each.data.values())[:2] for each in taken.messages]


def refusal(clock: ManualClock, token: str, who: Who = NVR) -> Reason:
    with pytest.raises(Refused) as refused:
        pull(clock, token, who=who)
    return refused.value.reason


def test_it_begins_with_the_states_and_goes_on_with_what_happens(clock: ManualClock) -> None:
    move(True)
    token = create(clock)
    move(False)
    assert pull(clock, token) == [("Initialized", "true"), ("Changed", "false")]
    assert pull(clock, token) == []


def test_what_happened_before_is_not_told(clock: ManualClock) -> None:
    reach("1")
    assert pull(clock, create(clock)) == []


def test_the_message_limit_holds_and_nothing_is_lost_or_told_twice(clock: ManualClock) -> None:
    move(True, "source1")
    move(True, "source2")
    token = create(clock)
    for preset in "1234":
        reach(preset)
    told = [pull(clock, token, limit=1) for _ in range(7)]
    assert told == [
        [("Initialized", "true")],
        [("Initialized", "true")],
        *([("", preset)] for preset in "1234"),
        [],
    ]


def test_a_synchronization_point_comes_behind_what_was_due(clock: ManualClock) -> None:
    move(True)
    token = create(clock)
    pull(clock, token)
    move(False)
    pull_points.synchronize(token, NVR, clock)
    move(True)
    told = [pull(clock, token, limit=1) for _ in range(4)]
    assert told == [[("Changed", "false")], [("Initialized", "false")], [("Changed", "true")], []]


def test_a_synchronization_point_is_for_one_pull_point_only(clock: ManualClock) -> None:
    move(True)
    one, other = create(clock), create(clock)
    pull(clock, one), pull(clock, other)
    pull_points.synchronize(one, NVR, clock)
    assert (pull(clock, one), pull(clock, other)) == ([("Initialized", "true")], [])


def test_states_survive_the_pruning_of_their_rows(clock: ManualClock) -> None:
    move(True)
    Event.objects.all().delete()
    assert pull(clock, create(clock)) == [("Initialized", "true")]


def test_only_what_the_filter_passes_is_told(clock: ManualClock) -> None:
    wanted = filters.parse([Expression(CONCRETE_SET, "tns1:PTZController//.", {"tns1": TOPICS})])
    move(True)
    token = create(clock, wanted)
    reach("1")
    move(False)
    assert pull(clock, token) == [("", "1")]


def test_a_rare_match_is_found_behind_many_rows(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nvrdevice.events.journal.CHUNK", 3)
    monkeypatch.setattr("nvrdevice.events.journal.SCAN_LIMIT", 6)
    wanted = Filter(contents=(["item", "SimpleItem", ["=", "Value", "9"]],))
    token = create(clock, wanted)
    for number in range(12):
        reach(str(number))
    assert [pull(clock, token) for _ in range(3)] == [[], [("", "9")], []]


def test_changed_only_leaves_out_first_and_last(clock: ManualClock) -> None:
    move(True)
    token = create(clock, Filter(changed_only=True))
    move(False)
    publish(MOTION, {"Source": "source1"}, operation="Deleted")
    assert pull(clock, token) == [("Changed", "false")]


def test_it_ends_at_its_time(clock: ManualClock) -> None:
    token = create(clock)
    clock.advance(60)
    assert refusal(clock, token) is Reason.UNKNOWN_PULL_POINT


def test_each_pull_begins_its_lifetime_anew(clock: ManualClock) -> None:
    token = create(clock)
    for _ in range(3):
        clock.advance(59)
        taken = pull_points.take(token, NVR, 1, 0, clock)
        assert taken.terminates_at == clock.now() + MINUTE


def test_a_pull_keeps_it_alive_for_at_least_its_timeout(clock: ManualClock) -> None:
    taken = pull_points.take(create(clock), NVR, 1, 300, clock)
    assert taken.terminates_at == clock.now() + timedelta(seconds=300)


def test_a_look_without_news_writes_nothing(clock: ManualClock) -> None:
    token = create(clock)
    pull(clock, token)
    before = PullPoint.objects.values().get()
    pull_points.peek(token, NVR, 1, 20, clock)
    assert PullPoint.objects.values().get() == before


def test_renewing_moves_the_end(clock: ManualClock) -> None:
    token = create(clock)
    row, now = pull_points.renew(token, NVR, timedelta(seconds=600), clock)
    assert row.terminates_at == now + timedelta(seconds=600)
    row, now = pull_points.renew(token, NVR, now + timedelta(seconds=30), clock)
    assert row.terminates_at == now + timedelta(seconds=30)


def test_unsubscribed_it_is_gone(clock: ManualClock) -> None:
    token = create(clock)
    pull_points.unsubscribe(token, NVR, clock)
    assert refusal(clock, token) is Reason.UNKNOWN_PULL_POINT


@pytest.mark.parametrize("asked_s", [-5, 0, 0.5, 86401, 86400 * 365])
def test_an_unacceptable_end_is_refused_with_the_bounds(clock: ManualClock, asked_s: float) -> None:
    with pytest.raises(Refused) as refused:
        pull_points.create(EVERYTHING, NVR, timedelta(seconds=asked_s), clock)
    assert refused.value.reason is Reason.UNACCEPTABLE_TIME
    assert refused.value.earliest == clock.now() + timedelta(seconds=10)
    assert refused.value.latest == clock.now() + timedelta(days=1)
    assert PullPoint.objects.count() == 0


def test_another_user_has_no_access_and_an_administrator_has(clock: ManualClock) -> None:
    move(True)
    token = create(clock)
    assert refusal(clock, token, who=OTHER) is Reason.UNKNOWN_PULL_POINT
    assert pull(clock, token, who=ADMIN) == [("Initialized", "true")]


def test_a_demoted_user_has_lost_it(clock: ManualClock) -> None:
    token = create(clock)
    demoted = Who(NVR.user_id, NVR.username, level=1)
    assert refusal(clock, token, who=demoted) is Reason.UNKNOWN_PULL_POINT


def test_there_is_an_end_to_how_many(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull_points, "MAX_PULL_POINTS", 2)
    monkeypatch.setattr(pull_points, "KEPT_FOR_OTHERS", 0)
    create(clock), create(clock)
    with pytest.raises(Refused) as refused:
        create(clock)
    assert refused.value.reason is Reason.TOO_MANY
    clock.advance(60)  # the expired make room
    create(clock)


@pytest.mark.parametrize("who", [NVR, ADMIN])
def test_one_user_cannot_take_all(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch, who: Who
) -> None:
    monkeypatch.setattr(pull_points, "MAX_PER_USER", 1)
    pull_points.create(EVERYTHING, who, MINUTE, clock)
    with pytest.raises(Refused, match=f"The user {who.username} holds 1 pull points") as refused:
        pull_points.create(EVERYTHING, who, MINUTE, clock)
    assert refused.value.reason is Reason.TOO_MANY
    pull_points.create(EVERYTHING, OTHER, MINUTE, clock)


def test_two_users_cannot_take_all(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MAX_PULL_POINTS", 5), ("KEPT_FOR_OTHERS", 2), ("FEW", 1)):
        monkeypatch.setattr(pull_points, name, value)
    for who in (NVR, NVR, ADMIN):
        pull_points.create(EVERYTHING, who, MINUTE, clock)
    for who in (NVR, ADMIN):
        with pytest.raises(Refused, match="The last 2 of 5 pull points") as refused:
            pull_points.create(EVERYTHING, who, MINUTE, clock)
        assert refused.value.reason is Reason.TOO_MANY
    pull_points.create(EVERYTHING, OTHER, MINUTE, clock)


def test_what_is_advertised_can_be_had_by_one_user() -> None:
    room = pull_points.MAX_PULL_POINTS - pull_points.KEPT_FOR_OTHERS
    assert pull_points.FEW < pull_points.MAX_PER_USER <= room


def test_the_pull_points_of_a_removed_user_go(clock: ManualClock) -> None:
    token = create(clock)
    assert pull_points.drop_of_user(NVR.user_id) == 1
    assert refusal(clock, token) is Reason.UNKNOWN_PULL_POINT
