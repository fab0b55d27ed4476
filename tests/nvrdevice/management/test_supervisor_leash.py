"""A child is killed by the kernel when its parent dies, however that happens."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[3]
PARENT = (
    "import os, subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c',\n"
    "  'import sys, time; from nvrdevice.management import leash;'\n"
    "  'leash.tie_to(int(sys.argv[1])); print(\"tied\", flush=True); time.sleep(600)',\n"
    "  str(os.getpid())], stdout=subprocess.PIPE, process_group=0)\n"
    "child.stdout.readline()\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)\n"
)


def test_no_child_outlives_a_killed_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait(10)
    parent.stdout.close()
    _, alive = psutil.wait_procs([child], timeout=10)
    assert alive == []


def test_a_child_whose_parent_is_gone_already_does_not_start() -> None:
    program = "from nvrdevice.management import leash; leash.tie_to(1); print('started')"
    gone = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, timeout=30, check=False
    )
    assert (os.getpid() != 1, gone.returncode, gone.stdout) == (True, 1, b"")
