"""Looking back in a journal of a million events, by each filter of the events page.

Runs in a process of its own with folders of its own, since Django's settings come from them.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.figures import Figure
from tests.e2e.running_device import ROOT

ROWS = 1_000_000
TIMES = 7
LIMIT_MS = 200.0  # a page that is asked for by hand
MOTION = ("tns1:VideoSource/MotionAlarm", "tns1:RuleEngine/CellMotionDetector/Motion")
RARE = "tns1:VideoSource/SignalLoss"
FIRST = datetime(2026, 8, 1, tzinfo=UTC)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="nvrdevice-bench-") as folder:
        environment = os.environ | {
            "NVR_DATA_DIR": f"{folder}/var",
            "NVR_CONFIG_DIR": f"{folder}/config",
            "NVR_SYSTEM_BACKEND": "simulated",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.history"],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
        )
    return [
        Figure(f"page of {ROWS:,} events: {name}", "ms", tuple(values), LIMIT_MS)
        for name, values in json.loads(done.stdout).items()
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nvrdevice.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from nvrdevice.events import history
    from nvrdevice.events.history import Wanted

    call_command("migrate", verbosity=0, run_syncdb=True)
    _fill()
    day = FIRST + timedelta(days=40)
    wanted: dict[str, Callable[[], object]] = {
        "all": lambda: history.page(Wanted()),
        "the middle": lambda: history.page(Wanted(), before=ROWS // 2),
        "motion": lambda: history.page(Wanted(topics=MOTION)),
        "a rare topic": lambda: history.page(Wanted(topics=(RARE,))),
        "a camera": lambda: history.page(Wanted(tokens=("source2",))),
        "text, none": lambda: history.page(Wanted(text="zebra")),
        "a day": lambda: history.page(Wanted(since=day, until=day + timedelta(days=1))),
        "since ever": lambda: history.page(Wanted(since=FIRST)),
    }
    took = {name: [_took_ms(look) for _ in range(TIMES)] for name, look in wanted.items()}
    print(json.dumps(took))


def _fill() -> None:
    """An event every ten seconds, of three cameras; one in a thousand is a lost signal."""
    from django.db import connection, transaction

    sql = (
        "INSERT INTO nvrdevice_event (at, topic, operation, source, key, data)"
        " VALUES (%s, %s, 'Changed', %s, '{}', '{\"State\": \"true\"}')"
    )
    rows = (
        (
            (FIRST + timedelta(seconds=10 * number)).replace(tzinfo=None).isoformat(" "),
            RARE if number % 1000 == 0 else MOTION[number % 2],
            json.dumps({"Source": f"source{1 + number % 3}"}),
        )
        for number in range(ROWS)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _took_ms(look: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    look()
    return (time.perf_counter() - began_s) * 1000


if __name__ == "__main__":
    main()
