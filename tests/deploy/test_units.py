"""The systemd units: what they start exists, and none is less shut in than the others."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.e2e.running_device import ROOT

FOLDER = ROOT / "deploy" / "systemd"
SERVICES = ("device", "media", "web")
Unit = dict[str, list[str]]


def read(name: str) -> Unit:
    """Settings of all sections; a setting may stand several times."""
    found: Unit = {}
    for line in (FOLDER / name).read_text().splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def service(process: str) -> Unit:
    return read(f"nvrdevice-{process}.service")


@pytest.mark.parametrize("process", SERVICES)
def test_each_starts_a_command_that_exists_with_options_it_has(process: str) -> None:
    (line,) = service(process)["ExecStart"]
    python, manage, name, *options = line.split()
    assert (python, manage) == ("/opt/nvrdevice/.venv/bin/python", "/opt/nvrdevice/manage.py")
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(options)


@pytest.mark.parametrize("process", SERVICES)
def test_each_is_watched_and_comes_back(process: str) -> None:
    unit = service(process)
    for key, value in (
        ("Type", "notify"),
        ("WatchdogSec", "60"),
        ("Restart", "always"),
        ("StartLimitIntervalSec", "0"),
        ("User", "nvrdevice"),
        ("StateDirectory", "nvrdevice"),
        ("SupplementaryGroups", "video render gpio dialout"),
    ):
        assert unit[key] == [value]


def test_all_are_shut_in_alike() -> None:
    shut = [
        {
            key: value
            for key, value in service(process).items()
            if re.match(r"Protect|Restrict|NoNew|Capability|System|Private(Tmp)|Lock|UMask", key)
        }
        for process in SERVICES
    ]
    assert shut[0] == shut[1] == shut[2]
    assert shut[0]["ProtectSystem"] == ["strict"]
    assert shut[0]["CapabilityBoundingSet"] == [""]


def test_web_and_media_wait_for_the_database_to_be_brought_up_to_date() -> None:
    for process in ("web", "media"):
        assert service(process)["After"] == ["nvrdevice-device.service"]


def test_the_target_wants_all_of_them() -> None:
    assert read("nvrdevice.target")["Wants"][0].split() == [
        f"nvrdevice-{process}.service" for process in SERVICES
    ]


def test_the_installer_makes_every_group_that_the_units_name() -> None:
    script = (ROOT / "deploy" / "install").read_text()
    groups = re.search(r'^groups="(.*)"', script, re.M)
    assert groups is not None
    assert groups[1] == service("device")["SupplementaryGroups"][0]


def test_the_installer_copies_all_of_the_program() -> None:
    script = (ROOT / "deploy" / "install").read_text()
    copied = re.search(r"^  for part in (.*); do", script, re.M)
    assert copied is not None
    for part in copied[1].split():
        assert (ROOT / part).is_dir()
    for part in ("nvrdevice", "onvif_api", "webui", "static", "templates", "requirements"):
        assert part in copied[1].split()


def test_the_installer_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name in ("systemctl", "id"):
        (bin_folder / name).write_text("#!/bin/sh\necho 0\n")
        (bin_folder / name).chmod(0o755)
    done = subprocess.run(
        ["sh", str(ROOT / "deploy" / "install"), "--what"],
        env={"PATH": f"{bin_folder}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (2, "install: there is no option '--what'.\n")


def test_the_clock_rule_is_for_the_user_of_the_services_and_is_installed() -> None:
    rule = (ROOT / "deploy" / "polkit" / "50-nvrdevice.rules").read_text()
    (user,) = service("web")["User"]
    assert f'subject.user === "{user}"' in rule
    assert "deploy/polkit/50-nvrdevice.rules" in (ROOT / "deploy" / "install").read_text()


def test_each_reaches_the_hardware_that_it_speaks_to() -> None:
    """Heads on serial lines are moved by the media process, pins are the device process's."""
    serial = {f"char-tty{kind} rw" for kind in ("AMA", "S", "USB", "ACM")}
    pins = {"char-gpiochip rw", "/dev/gpiomem rw"}
    media, device = (set(service(process)["DeviceAllow"]) for process in ("media", "device"))
    assert (media & (serial | pins), device & (serial | pins)) == (serial, pins)
