"""./nvr manage checkdevice: every check with its remedy, with and without a running device."""

import io
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command

from nvrdevice.checks import TAG
from nvrdevice.health import Check, Level
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.management import device_checks, readiness

PROBLEM = Check(name="disk", level=Level.DANGER, text="It is full.", fix="Free some room.")
WARNING = Check(name="clock", level=Level.WARN, text="It is not kept right.", fix="Start chrony.")
FINE = Check(name="machine", level=Level.OK, text="This is a 64-bit system.")


def run(monkeypatch: pytest.MonkeyPatch, *found: Check, json: bool = False) -> tuple[str, int]:
    """What a person reads, and the exit code."""
    monkeypatch.setattr(device_checks, "report", lambda: list(found))
    out, code = io.StringIO(), 0
    try:
        call_command("checkdevice", json=json, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return out.getvalue(), code


def test_each_finding_is_followed_by_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    text, code = run(monkeypatch, FINE, WARNING, PROBLEM)
    assert text.splitlines() == [
        "ok       This is a 64-bit system.",
        "warning  It is not kept right.",
        "         Start chrony.",
        "problem  It is full.",
        "         Free some room.",
        "",
        "1 in order, 1 warning, 1 problem.",
    ]
    assert code == 1


def test_a_warning_alone_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, FINE, WARNING)[1] == 0


def test_json_is_for_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    text, code = run(monkeypatch, PROBLEM, json=True)
    assert (json.loads(text), code) == (
        {
            "status": "danger",
            "checks": [
                {
                    "id": "nvrdevice.disk",
                    "status": "danger",
                    "text": "It is full.",
                    "fix": "Free some room.",
                }
            ],
        },
        1,
    )


def test_django_shows_the_same_with_ids_and_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_checks, "report", lambda: [FINE, WARNING, PROBLEM])
    found = checks.run_checks(tags=[TAG], include_deployment_checks=True)
    assert [(each.level, each.id, each.hint) for each in found] == [
        (checks.WARNING, "nvrdevice.clock", "Start chrony."),
        (checks.ERROR, "nvrdevice.disk", "Free some room."),
    ]


def test_no_other_command_looks_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_checks, "report", lambda: [PROBLEM])
    assert checks.run_checks() == []


def test_a_device_that_holds_its_folder_is_running(tmp_path: Path) -> None:
    assert not device_checks.is_running(tmp_path)
    with readiness.lock_folder(tmp_path):
        assert device_checks.is_running(tmp_path)
    assert not device_checks.is_running(tmp_path)


def test_a_taken_port_is_a_problem_while_the_device_is_stopped(settings: Any) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        settings.SERVICE_PORT = port = taken.getsockname()[1]
        found = next(iter(device_checks.ports(running=False)))
    assert found == Check(
        name="ports",
        level=Level.DANGER,
        text=f"Port {port} for web and ONVIF is taken by another program.",
        fix="Stop it, or choose another port with SERVICE_PORT.",
    )


def test_a_silent_port_is_a_problem_while_the_device_runs(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.SERVICE_HOST = "127.0.0.1"
        settings.SERVICE_PORT = listening.getsockname()[1]
        assert next(iter(device_checks.ports(running=True))).level is Level.OK
    found = next(iter(device_checks.ports(running=True)))
    assert (found.level, found.name) == (Level.DANGER, "ports")


def test_a_discovery_port_held_alone_is_told(settings: Any) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as alone:
        alone.bind(("", 0))
        settings.DISCOVERY_PORT = alone.getsockname()[1]
        (found,) = device_checks.discovery_port()
    assert found.level is Level.WARN


def test_keys_open_to_other_users_are_told(settings: Any, tmp_path: Path) -> None:
    settings.NVR_SECRET_DIR = tmp_path
    tmp_path.chmod(0o755)
    found = list(device_checks.folders())[-1]
    assert (found.level, found.fix) == (Level.WARN, f"Run chmod 700 {tmp_path}")


def test_a_missing_package_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        text = "Debian packages are missing: run apt install python3-gi"
        raise DeviceError(Kind.UNAVAILABLE, text)

    monkeypatch.setattr(readiness, "check_packages", refuse)
    assert list(device_checks.packages()) == [
        Check(
            name="packages",
            level=Level.DANGER,
            text="Debian packages are missing.",
            fix="Run apt install python3-gi",
        )
    ]


@pytest.mark.django_db
def test_the_database_fits_this_program() -> None:
    (found,) = device_checks.migrations(made=True)
    assert found.level is Level.OK


def test_before_the_first_start_there_is_no_database() -> None:
    (found,) = device_checks.migrations(made=False)
    assert found.text == "There is no database yet: the first start makes it."
