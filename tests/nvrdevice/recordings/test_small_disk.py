"""A real small file system: filled by somebody else, made read-only, taken away and brought back.

Where this user may not mount one, a folder that refuses in the same way stands in for it.
"""

import contextlib
import errno
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nvrdevice.audit.trail import Actor
from nvrdevice.events.models import Event
from nvrdevice.recordings import index, jobs, settings
from nvrdevice.recordings.folder import Folder
from nvrdevice.recordings.recorder import Recorder
from tests.nvrdevice.recordings import stage
from tests.nvrdevice.recordings.stage import Camera, FailingFolder

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor("alice", "127.0.0.1", "web")
SIZE = 12_000_000


class Disk:
    """A tmpfs at a folder."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path)
        path.mkdir()
        _run("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(path))

    def full(self) -> None:
        with contextlib.suppress(OSError), (self.folder.path / "somebody's.bin").open("wb") as file:
            while True:
                file.write(bytes(65536))
                file.flush()

    def read_only(self) -> None:
        _run("mount", "-o", "remount,ro", str(self.folder.path))

    def gone(self) -> None:
        _run("umount", "--lazy", str(self.folder.path))

    def heal(self, kind: str) -> None:
        if kind == "full":
            (self.folder.path / "somebody's.bin").unlink()
        elif kind == "read-only":
            _run("mount", "-o", "remount,rw", str(self.folder.path))
        else:
            _run("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(self.folder.path))
            (self.folder.path / ".nvrdevice-recordings").write_text(index.storage().mark + "\n")

    def close(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            _run("umount", "--lazy", str(self.folder.path))


class RefusingDisk(Disk):
    """The same for who may not mount."""

    def __init__(self, path: Path) -> None:
        self._refusing = FailingFolder(path)
        self.folder = self._refusing

    def full(self) -> None:
        self._refusing.fails = errno.ENOSPC

    def read_only(self) -> None:
        self._refusing.fails = errno.EROFS

    def gone(self) -> None:
        self._refusing.fails = errno.ENODEV

    def heal(self, kind: str) -> None:
        self._refusing.fails = 0

    def close(self) -> None:
        pass


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    try:
        made = Disk(tmp_path / "disk")
    except (OSError, subprocess.CalledProcessError):
        made = RefusingDisk(tmp_path / "refusing")
    yield made
    made.close()


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
