"""What recording one 2 Mbit/s stream costs of one core: its two threads, nothing of a camera."""

import os
import subprocess
import sys
import tempfile

from bench.figures import Figure
from tests.e2e.running_device import ROOT

LIMIT_PERCENT = 1.0


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="nvrdevice-bench-") as folder:
        environment = {
            **os.environ,
            "NVR_DATA_DIR": f"{folder}/var",
            "NVR_CONFIG_DIR": f"{folder}/config",
            "DJANGO_SETTINGS_MODULE": "nvrdevice.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.recorder_alone"],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    rows = [[float(each) for each in line.split()] for line in done.stdout.splitlines()]
    percents, rates = (tuple(row[column] for row in rows) for column in (0, 1))
    return [
        Figure("recording one 2 Mbit/s stream, of a core", "%", percents, LIMIT_PERCENT),
        Figure("written to the disk", "kbit/s", rates),
    ]
