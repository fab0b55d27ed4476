"""A recorder in a process of its own, to be killed: `python -m … FOLDER SHARED`.

For each line it reads it starts one and says its process id. What it records and which settings
it has saved it writes into SHARED, so that who kills it knows what must be there.
"""

import os
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any

SHAPE = struct.Struct("<QQQ")  # sequence of the file, end of its last picture, settings saved
SEGMENT_S = 5
SPEED = 6


def main(folder: Path, shared: Path) -> None:
    os.environ["NVR_DATA_DIR"], os.environ["NVR_CONFIG_DIR"] = f"{folder}/var", f"{folder}/config"
    os.environ["DJANGO_SETTINGS_MODULE"] = "nvrdevice.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from nvrdevice.audit import trail
    from nvrdevice.recordings import settings
    from tests.nvrdevice.media.encoded import units

    call_command("migrate", verbosity=0, run_syncdb=True)
    settings.change_camera("source1", by=trail.DEVICE, mode="continuous")
    settings.change_storage(by=trail.DEVICE, segment_s=SEGMENT_S)
    units()
    connections.close_all()
    say("ready")
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            record(shared)
        say(process)
        os.waitpid(process, 0)
        say("gone")


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def record(shared: Path) -> None:
    import mmap

    from nvrdevice.audit import trail
    from nvrdevice.lib.clock import SYSTEM_CLOCK
    from nvrdevice.recordings import segment_file, settings
    from nvrdevice.recordings.recorder import Recorder
    from tests.nvrdevice.media.encoded import START_NS
    from tests.nvrdevice.recordings.stage import Camera

    with shared.open("r+b") as stream:
        told = mmap.mmap(stream.fileno(), SHAPE.size)
    saved = 0
    append = segment_file.SegmentWriter.append

    def noted(self: Any, fragment: Any) -> None:
        append(self, fragment)
        told[:] = SHAPE.pack(self.label.sequence, self.end_ns, saved)

    segment_file.SegmentWriter.append = noted  # type: ignore[method-assign]
    camera = Camera()
    camera.shift_ns = time.time_ns() - START_NS
    recorder = Recorder(lambda _: camera.stream, clock=SYSTEM_CLOCK)
    recorder.start()

    def save() -> None:
        nonlocal saved
        for number in range(1, 10_000):
            settings.change_camera("source1", by=trail.DEVICE, post_s=float(number % 500))
            saved = number
            time.sleep(0.02)

    threading.Thread(target=save, daemon=True).start()
    while True:
        camera.play(0.2)
        time.sleep(0.2 / SPEED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
