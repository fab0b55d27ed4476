"""The container's recipe, held against what ./nvr does on a machine and against a real device.

There is no container engine in the tests: its steps are read, and its commands are run here.
"""

import json
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running_device import ROOT, RunningDevice

APT_OF_THE_IMAGE = {"ca-certificates", "python3"}  # every machine that runs ./nvr has these


def steps() -> list[tuple[str, str]]:
    """(instruction, what follows), lines joined and comments left out."""
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = lines.replace("\\\n", " ")
    return [
        (name, rest.strip())
        for line in joined.splitlines()
        if line.strip()
        for name, _, rest in [line.strip().partition(" ")]
    ]


def all_of(instruction: str) -> list[str]:
    return [rest for name, rest in steps() if name == instruction]


def test_it_is_a_recipe_a_builder_reads() -> None:
    known = {
        "FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "VOLUME", "EXPOSE", "STOPSIGNAL",
        "HEALTHCHECK", "ENTRYPOINT", "CMD",
    }  # fmt: skip
    assert {name for name, _ in steps()} == known
    assert steps()[0] == ("FROM", "debian:12-slim")


def test_it_installs_the_packages_that_nvr_installs() -> None:
    (apt,) = [step for step in all_of("RUN") if "apt-get install" in step]
    words = shlex.split(apt.partition("apt-get install")[2].partition("&&")[0])
    packages = {word for word in words if not word.startswith("-")}
    listed = re.search(r'^run_packages="(.*?)"', (ROOT / "nvr").read_text(), re.M | re.S)
    assert listed is not None
    assert packages - APT_OF_THE_IMAGE == set(listed[1].split())


def test_it_installs_the_locked_python_packages() -> None:
    (pip,) = [step for step in all_of("RUN") if "pip install" in step]
    assert "--require-hashes -r requirements/runtime.txt" in pip
    assert "/usr/bin/python3 -m venv --system-site-packages .venv" in pip


def test_what_it_copies_is_there_and_let_through() -> None:
    copied = [word for step in all_of("COPY") for word in step.split()[:-1]]
    assert [path for path in copied if not (ROOT / path).exists()] == []
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    let_through = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert set(copied) == let_through
    assert ignored[1] == "*"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but what the recipe copies, as /app in the container."""
    app = tmp_path_factory.mktemp("app")
    for step in all_of("COPY"):
        *names, target = step.split()
        for name in names:
            to = app / target / name if target == "./" else app / target
            to.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-R", str(ROOT / name), str(to)], check=True)
    return app


@pytest.fixture(scope="module")
def container(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    """The entry point with the default command, started in that folder."""
    device = RunningDevice(tmp_path_factory.mktemp("container"))
    entry, command = json.loads(all_of("ENTRYPOINT")[0]), json.loads(all_of("CMD")[0])
    assert entry[0] == "/app/.venv/bin/python"
    line = [sys.executable, *(word.replace("/app", str(image)) for word in entry[1:]), *command]
    with (device.folder / "output.log").open("ab") as log:
        device.process = subprocess.Popen(
            line,
            cwd=image,
            env=device.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        device.wait_until_ready()
        yield device
    finally:
        device.stop()


def health(image: Path, device: RunningDevice) -> int:
    (step,) = all_of("HEALTHCHECK")
    words = json.loads(step.partition("CMD ")[2])
    command = [sys.executable, *(word.replace("/app", str(image)) for word in words[1:])]
    return subprocess.run(command, env=device.environment, timeout=60).returncode


@pytest.mark.e2e
def test_the_copied_files_are_a_device_and_its_health_check_says_so(
    image: Path, container: RunningDevice
) -> None:
    assert health(image, container) == 0


@pytest.mark.e2e
def test_a_device_that_is_away_is_not_well(image: Path, tmp_path: Path) -> None:
    assert health(image, RunningDevice(tmp_path)) == 1


@pytest.mark.e2e
def test_a_device_that_answers_but_is_not_well(image: Path, tmp_path: Path) -> None:
    device = RunningDevice(tmp_path)
    with socket.create_server(("127.0.0.1", device.http_port)) as server:
        script = (ROOT / "deploy" / "container_health.py").read_text()
        assert '"/health/"' in script
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "deploy" / "container_health.py")], env=device.environment
        )
        connection, _ = server.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n")
        assert process.wait(30) == 1


def test_it_is_not_root_and_keeps_settings_and_data() -> None:
    assert all_of("USER") == ["nvrdevice"]
    volumes = json.loads(all_of("VOLUME")[0])
    environment = dict(pair.split("=") for pair in all_of("ENV")[0].split())
    assert volumes == [environment["NVR_CONFIG_DIR"], environment["NVR_DATA_DIR"]]
