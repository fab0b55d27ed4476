"""The recorder as a whole: events in, files and an index out."""

import errno
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.events import pipeline, publish
from nvrdevice.events.models import Event
from nvrdevice.media.fmp4.boxer import Fragment
from nvrdevice.motion import announcing
from nvrdevice.recordings import index, jobs, segment_file, settings, triggers
from nvrdevice.recordings.models import Recording, Segment
from nvrdevice.recordings.recorder import Recorder
from nvrdevice.recordings.segment_file import NS_S, SegmentWriter
from tests.nvrdevice.recordings import stage
from tests.nvrdevice.recordings.stage import Camera, FailingFolder

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor("alice", "127.0.0.1", "web")
TWO = """\
sources: [{token: front, uri: 'test:'}, {token: yard, uri: 'test:'}]
recording:
  cameras: [{source: front, mode: continuous}, {source: yard, mode: continuous}]
"""


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture
def recorder(camera: Camera, tmp_path: Path) -> Iterator[Recorder]:
    made = stage.recorder(camera, tmp_path / "recordings")
    made.turn()
    yield made
    made.stop()
    made._finish()


def motion(*, active: bool) -> None:
    publish("tns1:VideoSource/MotionAlarm", {"Source": "source1"}, {"State": active})


def count(recorder: Recorder) -> int:
    return sum(
        len(segment_file.read(recorder.shelf.folder.absolute(one.path)).parts)
        for one in Segment.objects.all()
    )


def told(topic: str) -> list[dict[str, str]]:
    return [row.data for row in Event.objects.filter(topic=topic).order_by("id")]


def test_motion_is_recorded_with_the_seconds_around_it(camera: Camera, recorder: Recorder) -> None:
    settings.change_camera("source1", by=BY, pre_s=2.0, post_s=3.0)
    recorder.turn()
    camera.play(10)
    motion(active=True)
    recorder.turn()
    camera.play(4)
    motion(active=False)
    recorder.turn()
    camera.play(3)
    recorder.turn()
    camera.play(5)
    stage.settled(recorder)
    # Two before (from a key picture on), four of motion, three after.
    assert count(recorder) in range(9 * 25, 10 * 25 + 1)
    states = told("tns1:RecordingConfig/JobState")
    assert [each["State"] for each in states] == ["Idle", "Active", "Idle"]
    assert [each["IsRecording"] for each in told("tns1:RecordingHistory/Recording/State")] == [
        "false",
        "true",
        "false",
    ]
    assert all(one.closed for one in Segment.objects.all())


def test_motion_that_came_and_went_between_two_looks_is_recorded(
    camera: Camera, recorder: Recorder
) -> None:
    motion(active=True)
    motion(active=False)
    recorder.turn()
    camera.play(4)
    stage.settled(recorder)
    assert jobs.everything()[0].reasons == ("motion",)


def test_a_token_is_recorded_for_its_seconds_and_kept(camera: Camera, recorder: Recorder) -> None:
    settings.change_camera("source1", by=BY, mode="off", post_s=5.0)
    assert triggers.start("door", by=BY, clock=camera.clock) == ("source1",)
    recorder.turn()
    assert jobs.everything()[0].reasons == ("trigger door",)
    camera.play(6)
    stage.settled(recorder)
    assert jobs.everything()[0].reasons == ()
    assert triggers.active(clock=camera.clock) == ()
    from nvrdevice import state

    assert state.read(settings.RecordingTriggers).recording_triggers == ("door",)


def test_by_hand_goes_on_over_a_restart(camera: Camera, recorder: Recorder, tmp_path: Path) -> None:
    triggers.start_by_hand("source1", by=BY)
    recorder.turn()
    camera.play(2)
    stage.settled(recorder)
    recorder._finish()
    again = stage.recorder(camera, tmp_path / "recordings")
    again.turn()
    camera.play(2)
    stage.settled(again)
    assert jobs.everything()[0].state == "Active"
    triggers.stop_by_hand("source1", by=BY)
    again.turn()
    stage.settled(again)
    assert jobs.everything()[0].state == "Idle"
    again._finish()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, "full"),
        (errno.EROFS, "read-only"),
        (errno.ENODEV, "gone"),
        (errno.EIO, "broken"),
    ],
)
def test_a_disk_that_fails_is_told_and_heals(
    camera: Camera, recorder: Recorder, code: int, kind: str
) -> None:
    folder = recorder.shelf.folder
    assert isinstance(folder, FailingFolder)
    settings.change_camera("source1", by=BY, mode="continuous")
    recorder.turn()
    camera.play(3)
    stage.settled(recorder)
    folder.fails = code
    camera.play(3)
    stage.settled(recorder)
    camera.play(10)
    stage.settled(recorder)
    assert index.storage().state == kind
    folder.fails = 0
    for _ in range(4):
        camera.play(10)
        stage.settled(recorder)
    assert index.storage().state == "ok"
    assert [each["State"] for each in told("tns1:Monitoring/nvr:Storage")] == ["ok", kind, "ok"]
    failed = [each["Failed"] for each in told("tns1:Device/HardwareFailure/StorageFailure")]
    assert failed == ["false", "true", "false"]
    assert jobs.everything()[0].state == "Active"


def test_a_disk_heals_also_while_nothing_is_recorded(camera: Camera, recorder: Recorder) -> None:
    folder = recorder.shelf.folder
    assert isinstance(folder, FailingFolder)
    settings.change_camera("source1", by=BY, mode="continuous")
    recorder.turn()
    camera.play(3)
    stage.settled(recorder)
    folder.fails = errno.ENOSPC
    camera.play(3)
    stage.settled(recorder)
    settings.change_camera("source1", by=BY, mode="off")
    camera.play(10)
    stage.settled(recorder)
    assert index.storage().state == "full"
    folder.fails = 0
    for _ in range(3):
        camera.play(10)
        stage.settled(recorder)
    assert index.storage().state == "ok"


def test_pictures_left_out_are_told_for_a_while(camera: Camera, recorder: Recorder) -> None:
    recorder.shelf.dropped("source1", 40)
    recorder.turn()
    now = index.storage()
    assert (now.state, now.reason) == (
        "slow",
        "The disk is too slow: 40 pictures of source1 were left out.",
    )
    assert told("tns1:Device/HardwareFailure/StorageFailure")[-1] == {"Failed": "false"}
    camera.clock.advance(61)
    recorder.turn()
    assert index.storage().state == "ok"


def test_a_source_that_is_gone_has_no_job_and_keeps_its_recording(
    camera: Camera, recorder: Recorder, config_dir: Path
) -> None:
    (config_dir / "media.yaml").write_text("sources: [{token: yard, uri: 'test:'}]\n")
    recorder.turn()
    assert [one.source for one in jobs.everything()] == ["yard"]
    assert set(Recording.objects.values_list("token", flat=True)) == {
        "recording-source1",
        "recording-yard",
    }


def test_a_recording_is_called_as_its_camera_is_now(
    camera: Camera, recorder: Recorder, config_dir: Path
) -> None:
    for name in ("Gate", "Yard"):
        (config_dir / "media.yaml").write_text(
            f"sources: [{{token: source1, name: {name}, uri: 'test:'}}]\n"
        )
        recorder.turn()
        assert Recording.objects.get().name == name


def test_a_database_that_lost_the_index_is_told_by_the_files(
    camera: Camera, recorder: Recorder, tmp_path: Path
) -> None:
    settings.change_camera("source1", by=BY, mode="continuous")
    recorder.turn()
    camera.play(5)
    stage.settled(recorder)
    recorder._finish()
    before = list(Segment.objects.values_list("path", "start", "end", "size", "profile"))
    Segment.objects.all().delete()
    again = stage.recorder(camera, tmp_path / "recordings")
    again.turn()
    after = list(
        Segment.objects.filter(closed=True).values_list("path", "start", "end", "size", "profile")
    )
    assert after[: len(before)] == before
    again._finish()


def test_motion_that_is_not_to_be_told_is_recorded(camera: Camera, recorder: Recorder) -> None:
    pipeline.set_switches(BY, alarms_enabled=False)
    announcing.set_motion("source1", active=True, at=camera.clock.now())
    camera.play(4)
    stage.settled(recorder)
    assert told("tns1:VideoSource/MotionAlarm") == []
    assert jobs.everything()[0].reasons == ("motion",)
    assert jobs.everything()[0].state == "Active"


def test_one_camera_that_breaks_the_code_costs_no_other_its_recording(
    camera: Camera, tmp_path: Path, config_dir: Path
) -> None:
    (config_dir / "media.yaml").write_text(TWO)

    def find(profile: str) -> stage.Stream:
        if profile == "profile1":
            raise RuntimeError("a camera as nobody has seen one")
        return camera.stream

    recorder = Recorder(find, folder=FailingFolder(tmp_path / "two"), clock=camera.clock)
    recorder.turn()
    camera.play(3)
    stage.until(lambda: recorder.turn() or index.storage().state == "ok")
    stage.until(lambda: recorder.turn() or jobs.of("yard").state == "Active")
    assert jobs.of("front").state == "Error"
    assert jobs.of("front").error == "a camera as nobody has seen one"
    recorder._finish()


def test_what_a_removed_camera_still_wrote_is_noted(
    camera: Camera, tmp_path: Path, config_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (config_dir / "media.yaml").write_text(TWO)
    recorder = Recorder(
        lambda _: camera.stream, folder=FailingFolder(tmp_path / "two"), clock=camera.clock
    )
    recorder.turn()
    camera.play(3)
    stage.until(lambda: recorder.turn() or jobs.of("yard").state == "Active")
    monkeypatch.setattr("nvrdevice.recordings.recorder.STOP_S", 0.0)
    slow, append = threading.Event(), SegmentWriter.append

    def waiting(self: SegmentWriter, fragment: Fragment) -> None:
        slow.wait(stage.PATIENCE_S)
        append(self, fragment)

    monkeypatch.setattr(SegmentWriter, "append", waiting)
    camera.play(1)
    (config_dir / "media.yaml").write_text(TWO.replace("yard", "gone", 1))
    recorder.turn()
    written = recorder._leaving[0].tape.path
    assert written in recorder._being_written()
    slow.set()
    stage.until(lambda: recorder.turn() or not recorder._leaving)
    assert Segment.objects.get(path=written).closed
    recorder._finish()


def test_a_clock_set_to_a_wrong_year_and_back_costs_no_recording(
    camera: Camera, recorder: Recorder
) -> None:
    settings.change_camera("source1", by=BY, mode="continuous")
    settings.change_storage(by=BY, max_days=1, segment_s=5)
    recorder.turn()
    camera.play(20)
    stage.settled(recorder)
    before = set(recorder.shelf.folder.segments())
    for years in (10, -10):
        shift = timedelta(days=years * 365)
        camera.shift_ns += int(shift.total_seconds()) * NS_S
        camera.clock._now += shift
        for _ in range(3):
            camera.play(20)
            stage.settled(recorder)
    assert before <= set(recorder.shelf.folder.segments())
    assert jobs.of("source1").state == "Active"
