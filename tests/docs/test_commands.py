"""The commands of README and guides are run as they stand, in a throw-away home.

What cannot be run here is listed with the reason; a line that is neither run nor listed fails,
and so does a listed one that no page shows any more.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nvrdevice.management.commands import discover
from tests.e2e.running_device import PASSWORD, ROOT, RunningDevice

PAGES = ("README.md", *(str(p.relative_to(ROOT)) for p in sorted(ROOT.glob("docs/**/*.md"))))
BLOCK = re.compile(r"^```(?:sh|bash)\n(.*?)^```", re.M | re.S)

THE_DEVICE_ITSELF = "it is the device that these tests start for the other lines"
ALL_TESTS = "it is what runs this test"
SERVICES = "it changes the services of the machine: tests/deploy/test_units.py reads what it does"
ENGINE = "there is no container engine here: tests/deploy/test_dockerfile.py runs what it runs"
CAMERA = "it names a camera and a file that are not here: tests/e2e/test_streams.py runs such ones"
NOT_RUN = {
    "./nvr run": THE_DEVICE_ITSELF,
    "./nvr run --source rtsp://user:password@192.168.1.20/stream1"
    " --source file:///home/pi/clip.mp4": CAMERA,
    "./nvr test": ALL_TESTS,
    "sudo deploy/install": SERVICES,
    "sudo deploy/install --remove": SERVICES,
    "sudo -u nvrdevice env NVR_CONFIG_DIR=/var/lib/nvrdevice/config"
    " NVR_DATA_DIR=/var/lib/nvrdevice/data /opt/nvrdevice/nvr manage checkdevice": SERVICES,
    "sudo systemctl stop nvrdevice-device nvrdevice-media nvrdevice-web": SERVICES,
    "sudo cp -a /var/lib/nvrdevice /somewhere/safe/": SERVICES,
    "sudo systemctl start nvrdevice-device nvrdevice-media nvrdevice-web": SERVICES,
    "docker build -f deploy/Dockerfile -t nvrdevice .": ENGINE,
    "docker run -d --name nvrdevice --network host --restart unless-stopped"
    " -v nvrdevice-config:/app/config -v nvrdevice-data:/app/var nvrdevice": ENGINE,
    "docker run -d --name nvrdevice --restart unless-stopped -p 8000:8000 -p 8443:8443"
    " -p 8554:8554 -p 8322:8322 -v nvrdevice-config:/app/config"
    " -v nvrdevice-data:/app/var nvrdevice": ENGINE,
}


def lines(page: str) -> list[str]:
    blocks = BLOCK.findall((ROOT / page).read_text())
    joined = "\n".join(blocks).replace("\\\n", " ")
    found = [re.sub(r"\s+", " ", line).strip() for line in joined.splitlines()]
    return [line for line in found if line and not line.startswith("#")]


def to_run(page: str) -> list[str]:
    return [line for line in lines(page) if line not in NOT_RUN]


WITH_LINES = [page for page in PAGES if to_run(page)]


def test_what_is_listed_as_not_run_still_stands_somewhere() -> None:
    shown = {line for page in PAGES for line in lines(page)}
    assert [line for line in NOT_RUN if line not in shown] == []


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder first in PATH, with the curl that the guides need."""
    folder = tmp_path_factory.mktemp("tools")
    (folder / "curl").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.docs.curl "$@"\n')
    (folder / "curl").chmod(0o755)
    return folder


@pytest.fixture(params=WITH_LINES)
def page(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[RunningDevice]:
    """A device of its own for each page: pages make the same users."""
    with RunningDevice(tmp_path, "test:") as running:
        yield running


@pytest.mark.e2e
def test_each_line_of_a_page_runs(device: RunningDevice, tools: Path, page: str) -> None:
    environment = device.environment | {"PATH": f"{tools}:{device.environment['PATH']}"}
    # The first password must be changed before REST lets anybody in.
    changed = "./nvr manage users update admin --password"
    for line in [changed, *to_run(page)]:
        done = subprocess.run(
            line.replace("http://localhost:8000", device.url).replace("admin123", PASSWORD + "2"),
            shell=True,
            cwd=ROOT,
            env=environment,
            input=PASSWORD + "2\n",
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{page}: {line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_the_menu_lists_what_there_is() -> None:
    shown = subprocess.run([str(ROOT / "nvr")], capture_output=True, text=True).stdout
    script = (ROOT / "nvr").read_text()
    cases = script.partition("case $command in")[2]
    commands = re.findall(r"^  ([a-z]+)\)$", cases, re.M)
    assert commands
    assert [name for name in commands if not re.search(rf"\b{name}\b", shown)] == []


def test_an_unknown_command_is_refused_with_the_menu() -> None:
    done = subprocess.run([str(ROOT / "nvr"), "fly"], capture_output=True, text=True)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "nvr: there is no command 'fly'.")


def test_the_reference_names_every_option_of_discover() -> None:
    text = (ROOT / "docs" / "ref" / "commands.md").read_text()
    parser = discover.Command().create_parser("manage.py", "discover")
    own = ("--user", "--interface", "--wait", "--json")
    known = {option for action in parser._actions for option in action.option_strings}
    assert [option for option in own if option not in known or option not in text] == []
