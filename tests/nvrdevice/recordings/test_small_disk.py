"""A small disk filled by somebody else, made read-only, taken away and brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.events.models import Event
from nvrdevice.recordings import index, jobs, settings
from nvrdevice.recordings.recorder import Recorder
from tests.nvrdevice.recordings import stage
from tests.nvrdevice.recordings.small_disk import Disk, small_disk
from tests.nvrdevice.recordings.stage import Camera

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor("alice", "127.0.0.1", "web")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path) as made:
        yield made


@pytest.mark.parametrize("kind", ["full", "read-only", "gone"])
def test_each_trouble_is_told_and_heals(disk: Disk, kind: str) -> None:
    settings.change_storage(by=BY, min_free_gb=0.0, max_gb=0.01, segment_s=5)
    settings.change_camera("source1", by=BY, mode="continuous")
    camera = Camera()
    recorder = Recorder(lambda _: camera.stream, folder=disk.folder, clock=camera.clock)
    try:
        recorder.turn()
        _until(camera, recorder, lambda: jobs.everything()[0].state == "Active")
        if kind == "read-only":  # which the kernel refuses us while a file is being written
            settings.change_camera("source1", by=BY, mode="off")
            _until(camera, recorder, lambda: jobs.everything()[0].state == "Idle")
        {"full": disk.full, "read-only": disk.read_only, "gone": disk.gone}[kind]()
        settings.change_camera("source1", by=BY, mode="continuous")
        _until(camera, recorder, lambda: index.storage().state == kind)
        disk.heal(kind)
        _until(camera, recorder, lambda: index.storage().state == "ok")
        _until(camera, recorder, lambda: jobs.everything()[0].state == "Active")
    finally:
        recorder._finish()
    rows = Event.objects.filter(topic="tns1:Monitoring/nvr:Storage").order_by("id")
    told = [row.data["State"] for row in rows]
    assert told[0] == "ok"
    assert kind in told
    assert told[-1] == "ok"
    assert camera.stream.hub.ring.newest_ns is not None  # streaming never stopped


def _until(camera: Camera, recorder: Recorder, condition: object) -> None:
    assert callable(condition)

    def reached() -> bool:
        camera.play(1)
        recorder.turn()
        return bool(condition())

    stage.until(reached)
