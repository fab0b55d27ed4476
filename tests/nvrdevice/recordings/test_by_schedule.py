"""A schedule as the grid saves it begins and ends a recording, at the edges of the wall clock.

Over midnight, and over both nights in which Berlin changes its clock: from the lines of user.yaml
to the pictures in the files, with nothing between them left out.
"""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock
from nvrdevice.recordings import index, jobs, segment_file, settings
from nvrdevice.recordings.models import Segment
from nvrdevice.recordings.recorder import Recorder
from nvrdevice.recordings.segment_file import Contents
from nvrdevice.schedules import book
from nvrdevice.schedules.watch import Watch
from tests.nvrdevice.media.encoded import START_NS
from tests.nvrdevice.recordings import stage
from tests.nvrdevice.recordings.nights import entries
from tests.nvrdevice.recordings.stage import Camera

pytestmark = pytest.mark.django_db(transaction=True)

BERLIN = ZoneInfo("Europe/Berlin")
BY = Actor("oscar", "", "web")
NAME = "Nights"
FPS, GOP = 1, 5  # a key picture each five seconds
FAR_S, NEAR_S = 300.0, 1.0  # between two looks; the device looks each second
AROUND_S = 20.0
PRE_S = 10.0
AN_HOUR = timedelta(hours=1)


class Night:
    """The watch of the schedules and the recorder, with one clock for both."""

    def __init__(self, evening: datetime, config: Path) -> None:
        (config / "user.yaml").write_text(yaml.safe_dump({"recording_schedules": entries(NAME)}))
        self.clock = ManualClock(evening)
        self.camera = Camera(self.clock, fps=FPS, gop=GOP)
        self.camera.shift_ns = index.nanoseconds(evening) - START_NS
        self.watch = Watch(zone=lambda: BERLIN, clock=self.clock)
        self.recorder = Recorder(lambda _: self.camera.stream, clock=self.clock)
        self.watch.turn()
        self.recorder.turn()
        settings.change_storage(by=BY, max_gb=10.0, min_free_gb=0.0, segment_s=600)
        settings.change_camera("source1", by=BY, mode="schedule", schedule=NAME, pre_s=PRE_S)

    def pass_until(self, morning: datetime, edges: tuple[datetime, datetime]) -> None:
        while (now := self.clock.now()) < morning:
            self.watch.turn()
            self.recorder.turn()
            ahead = [(edge - now).total_seconds() + AROUND_S for edge in edges]
            near = any(0 <= each <= 2 * AROUND_S for each in ahead)
            far = min([FAR_S, *(each - 2 * AROUND_S for each in ahead if each > 2 * AROUND_S)])
            self.camera.play(NEAR_S if near else far)
            if not near:
                stage.settled(self.recorder)
        stage.settled(self.recorder)

    def files(self) -> list[Contents]:
        place = self.recorder.shelf.folder
        return [
            segment_file.read(place.absolute(one.path))
            for one in Segment.objects.order_by("sequence")
        ]


@pytest.fixture
def nights(config_dir: Path) -> Iterator[list[Night]]:
    made: list[Night] = []
    yield made
    for one in made:
        one.recorder._finish()


def berlin(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=BERLIN, fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        (berlin(2026, 6, 1, 22), berlin(2026, 6, 2, 6), 8),
        (berlin(2026, 3, 28, 22), berlin(2026, 3, 29, 6), 7),
        (berlin(2026, 10, 24, 22), berlin(2026, 10, 25, 6), 9),
    ],
    ids=["an ordinary night", "to summer time", "to winter time"],
)
def test_a_night_is_recorded_from_edge_to_edge(
    nights: list[Night], config_dir: Path, begin: datetime, end: datetime, hours: int
) -> None:
    assert end - begin == hours * AN_HOUR
    night = Night(begin - AN_HOUR / 4, config_dir)
    nights.append(night)
    night.pass_until(end + AN_HOUR / 4, (begin, end))
    files = night.files()
    assert all(one.closed for one in files)
    shown = [index.moment(segment_file.in_ns(p.show_at)) for one in files for p in one.parts]
    # The seconds before, from a key picture on; the last picture is the last before the edge.
    before = begin - shown[0]
    assert timedelta(seconds=PRE_S) <= before <= timedelta(seconds=PRE_S + GOP + NEAR_S)
    assert end - timedelta(seconds=1) <= shown[-1] <= end
    assert {after - one for one, after in itertools.pairwise(shown)} == {timedelta(seconds=1)}
    assert jobs.of("source1").state == "Idle"  # type: ignore[union-attr]
    found = book.get(NAME).week.next_change(end, BERLIN)
    assert found == end + timedelta(hours=16)
