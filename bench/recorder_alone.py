"""The recorder with a stream played into its hub in real time; prints percent and kbit/s."""

import threading
import time
from pathlib import Path
from typing import Any

WINDOWS, WINDOW_S, SETTLED_S = 3, 10.0, 3.0


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from nvrdevice.audit import trail
    from nvrdevice.media.engine.hub import AccessUnit
    from nvrdevice.recordings import settings
    from nvrdevice.recordings.recorder import Recorder
    from tests.nvrdevice.media.encoded import FPS, units
    from tests.nvrdevice.recordings.stage import Stream

    call_command("migrate", verbosity=0, run_syncdb=True)
    settings.change_camera("source1", by=trail.DEVICE, mode="continuous")
    stream, pictures = Stream(), units("H264 2 Mbit/s", "1280x720", frames=250, gop=50)
    stopping = threading.Event()

    def play() -> None:
        began_ns, number = time.monotonic_ns(), 0
        while not stopping.is_set():
            unit = pictures[number % len(pictures)]
            at_ns = began_ns + number * 1_000_000_000 // FPS
            time.sleep(max(0.0, (at_ns - time.monotonic_ns()) / 1e9))
            stream.hub.publish(AccessUnit(unit.data, at_ns, time.time_ns(), unit.key))
            number += 1

    player = threading.Thread(target=play, daemon=True)
    player.start()
    recorder = Recorder(lambda _: stream)
    recorder.start()
    time.sleep(SETTLED_S)
    threads = [each for each in threading.enumerate() if each.name in ("recorder", "tape-source1")]
    for _ in range(WINDOWS):
        spent_ns, size, began_s = _spent_ns(threads), _size(recorder), time.monotonic()
        time.sleep(WINDOW_S)
        took_s = time.monotonic() - began_s
        percent = (_spent_ns(threads) - spent_ns) / 1e7 / took_s
        print(percent, (_size(recorder) - size) * 8 / 1000 / took_s, flush=True)
    stopping.set()
    recorder.stop()


def _spent_ns(threads: list[threading.Thread]) -> int:
    return sum(
        int(Path(f"/proc/self/task/{each.native_id}/schedstat").read_text().split()[0])
        for each in threads
    )


def _size(recorder: Any) -> int:
    return sum(path.stat().st_size for path in recorder.shelf.folder.path.rglob("*.mp4"))


if __name__ == "__main__":
    main()
