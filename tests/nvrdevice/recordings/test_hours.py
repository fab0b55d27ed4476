"""Hours on a real small file system: the oldest make room, again and again, and nothing else goes.

Two cameras share it, one recorded all the time, one on motion. At every look the index is equal
to the files and no limit is passed.
"""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.events import publish
from nvrdevice.events.models import Event
from nvrdevice.recordings import (
    index,
    jobs,
    protecting,
    segment_file,
    settings,
    space,
    timeline,
)
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.models import ProtectedClip, Segment
from nvrdevice.recordings.recorder import Recorder
from tests.nvrdevice.recordings import stage
from tests.nvrdevice.recordings.small_disk import small_disk
from tests.nvrdevice.recordings.stage import Camera

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor("alice", "127.0.0.1", "web")
SIZE, LEFT_FREE, LOWERED = 14_000_000, 2_000_000, 10_000_000
MEDIA = """\
sources: [{token: front, uri: 'test:'}, {token: yard, uri: 'test:'}]
recording:
  cameras: [{source: front, mode: continuous}, {source: yard, mode: motion, pre_s: 5, post_s: 10}]
  storage: {max_gb: 1, min_free_gb: 0.002, segment_s: 60}
"""
FPS, GOP = 1, 5
STEP_S = 30
ROUND_S = 600  # motion in the yard lasts a minute of it, and the door opens
HOURS_BY_FREE_SPACE, HOURS_BY_SIZE = 4, 3


class Hours:
    def __init__(self, recorder: Recorder, camera: Camera) -> None:
        self.recorder, self.camera = recorder, camera
        self.place: Folder = recorder.shelf.folder
        self.limit = SIZE - LEFT_FREE
        self.oldest: list[datetime] = []  # of the camera that is recorded all the time, each hour
        self.protected: dict[str, bytes] = {}

    def play(self, hours: int) -> None:
        for number in range(hours * 3600 // STEP_S):
            self._happen(number * STEP_S % ROUND_S)
            self.camera.play(STEP_S)
            stage.settled(self.recorder)
            self._look()
            if number * STEP_S % 3600 == 0:
                self.oldest.append(self._of("front")[0].start)

    def _happen(self, at_s: int) -> None:
        now = self.camera.clock.now()
        if at_s in (300, 360):
            active = at_s == 300
            place = {"Source": "yard"}
            publish("tns1:VideoSource/MotionAlarm", place, {"State": active}, at=now)
            door = {"InputToken": "input1"}
            publish("tns1:Device/Trigger/DigitalInput", door, {"LogicalState": active}, at=now)
            self.recorder.turn()

    def _look(self) -> None:
        files = {path: self.place.absolute(path).stat().st_size for path in self.place.segments()}
        rows = {one.path: one.size for one in Segment.objects.all() if one.closed}
        opened = self.recorder._being_written()
        assert set(rows) | opened == set(files)
        assert {path: files[path] for path in rows} == rows
        assert sum(files.values()) <= self.limit
        assert self.place.usage()[1] >= LEFT_FREE
        now = self.camera.clock.now()
        newest = max(index.end_of(one, self.place) for one in self._of("front"))
        assert timedelta() <= now - newest <= timedelta(seconds=1 / FPS)

    def _of(self, source: str) -> list[Segment]:
        found = Segment.objects.filter(recording_id=index.recording_token(source))
        kept = list(found.order_by("sequence"))
        for before, after in itertools.pairwise(kept) if source == "front" else ():
            assert before.end == after.start or before.path in self.protected
        return [one for one in kept if one.path not in self.protected]

    def protect(self, source: str) -> None:
        """The newest that is closed."""
        token = index.recording_token(source)
        one = Segment.objects.filter(recording_id=token, closed=True).order_by("-sequence")[0]
        inside = timedelta(milliseconds=1)
        protecting.protect(token, one.start + inside, one.end - inside, by=BY)
        self.protected[one.path] = self.place.absolute(one.path).read_bytes()


@pytest.fixture
def config(config_dir: Path) -> Path:
    (config_dir / "media.yaml").write_text(MEDIA)
    return config_dir


def test_a_small_disk_recycles_for_hours(tmp_path: Path, config: Path) -> None:
    camera = Camera(fps=FPS, gop=GOP)
    with small_disk(tmp_path, SIZE) as disk:
        recorder = Recorder(lambda _: camera.stream, folder=disk.folder, clock=camera.clock)
        try:
            recorder.turn()
            hours = Hours(recorder, camera)
            camera.play(STEP_S)
            stage.settled(recorder)
            hours.play(1)
            for source in ("front", "yard"):
                hours.protect(source)
            hours.play(HOURS_BY_FREE_SPACE - 1)
            settings.change_storage(by=BY, max_gb=LOWERED / 1e9)
            for _ in range(3):  # one sweep is due only after its seconds
                camera.play(STEP_S)
                stage.settled(recorder)
            hours.limit = LOWERED
            hours.play(HOURS_BY_SIZE)
            _is_as_it_was(hours)
            assert jobs.of("front").state == "Active"
        finally:
            recorder._finish()


def _is_as_it_was(hours: Hours) -> None:
    """At the end of all hours."""
    place, now = hours.place, hours.camera.clock.now()
    total = HOURS_BY_FREE_SPACE + HOURS_BY_SIZE
    written = Event.objects.filter(topic="tns1:RecordingConfig/DeleteTrackData").count()
    assert written > 5 * Segment.objects.count()  # turned over as often, at the least
    assert hours.oldest == sorted(hours.oldest)
    assert len(set(hours.oldest)) > total - 2
    assert hours.oldest[-1] < now - timedelta(minutes=10)
    for path, data in hours.protected.items():
        assert place.absolute(path).read_bytes() == data
        assert Segment.objects.filter(path=path, closed=True).exists()
    states = Event.objects.filter(topic="tns1:Monitoring/nvr:Storage").values_list(
        "data", flat=True
    )
    assert [one["State"] for one in states] == ["ok"]
    yard = Segment.objects.filter(recording_id=index.recording_token("yard"))
    for one in yard:  # each is of a minute of motion, with the seconds around it
        found = segment_file.read(place.absolute(one.path))
        assert found.closed
        assert index.moment(found.end_ns) == one.end
    marks = timeline.read("yard", now.astimezone(UTC).date(), UTC, clock=hours.camera.clock).marks
    rounds = total * 3600 // ROUND_S
    for lane in (timeline.MOTION, timeline.INPUT):
        lasted = [one.end - one.start for one in marks if one.lane == lane and one.end]
        assert lasted == [timedelta(seconds=60)] * rounds
    for clip in ProtectedClip.objects.all():
        protecting.release(clip.pk, by=BY)
    assert space.read(clock=hours.camera.clock).used <= LOWERED
