"""InstanceId and MetadataVersion rise over restarts, also when the clock or the disk fails."""

from datetime import UTC, datetime
from pathlib import Path

from nvrdevice.discovery.counters import FILE, Counters
from nvrdevice.lib.clock import ManualClock

NOW = ManualClock(datetime(2030, 1, 1, tzinfo=UTC))
PAST = ManualClock(datetime(1970, 1, 2, tzinfo=UTC))


def test_the_first_instance_is_the_time(tmp_path: Path) -> None:
    assert Counters(tmp_path, NOW).instance == int(NOW.now().timestamp())


def test_a_restart_within_the_second_is_a_new_instance(tmp_path: Path) -> None:
    instances = [Counters(tmp_path, NOW).instance for _ in range(3)]
    assert instances == [instances[0], instances[0] + 1, instances[0] + 2]


def test_a_board_that_wakes_in_the_past_counts_on(tmp_path: Path) -> None:
    before = Counters(tmp_path, NOW).instance
    assert Counters(tmp_path, PAST).instance == before + 1


def test_messages_count_from_one(tmp_path: Path) -> None:
    counters = Counters(tmp_path, NOW)
    assert [counters.next().message for _ in range(3)] == [1, 2, 3]


def test_the_version_rises_when_something_changed_and_only_then(tmp_path: Path) -> None:
    counters = Counters(tmp_path, NOW)
    changed = [counters.describe(("a",), facts) for facts in [("x",), ("x",), ("y",), ("x",)]]
    assert changed == [True, False, True, True]
    assert counters.metadata_version == 3


def test_the_version_outlives_a_restart(tmp_path: Path) -> None:
    Counters(tmp_path, NOW).describe(("a",))
    again = Counters(tmp_path, NOW)
    assert not again.describe(("a",))
    assert again.metadata_version == 1


def test_a_broken_file_starts_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"instance": "soon", "metadata_version": 4}')
    counters = Counters(tmp_path, NOW)
    assert (counters.instance, counters.metadata_version) == (int(NOW.now().timestamp()), 4)


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "missing", NOW)
    assert counters.describe(("a",))
