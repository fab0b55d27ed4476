"""The identity is filled from the machine, made once where it must last, and the owner's to set."""

import dataclasses
import re
from pathlib import Path

import yaml

from nvrdevice import state
from nvrdevice.system import identity, machine_facts
from nvrdevice.system.identity import Identity


def test_device_yaml_has_exactly_the_owners_keys(config_dir: Path) -> None:
    identity.read()
    assert list(yaml.safe_load((config_dir / "device.yaml").read_text())) == [
        "manufacturer",
        "model",
        "firmware_version",
        "serial_number",
        "hardware_id",
        "developer_notes",
    ]


def test_nothing_a_client_is_told_is_empty() -> None:
    own = identity.read()
    told = (own.manufacturer, own.model, own.firmware_version, own.serial_number, own.hardware_id)
    assert all(told)


def test_the_serial_number_is_kept_over_a_restart(config_dir: Path) -> None:
    first = identity.read().serial_number
    state.use(state.Store(config_dir))
    assert identity.read().serial_number == first
    assert re.fullmatch("[0-9A-F]{12}", first)


def test_the_uuid_is_kept_over_a_restart(config_dir: Path) -> None:
    first = identity.endpoint()
    state.use(state.Store(config_dir))
    assert identity.endpoint() == first
    assert re.fullmatch("urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first)


def test_what_the_owner_wrote_is_told_as_it_stands(config_dir: Path) -> None:
    (config_dir / "device.yaml").write_text(
        "manufacturer: Acme\nmodel: Eye\nfirmware_version: '7'\nserial_number: S1\nhardware_id: H\n"
    )
    assert identity.read() == Identity(
        manufacturer="Acme",
        model="Eye",
        firmware_version="7",
        serial_number="S1",
        hardware_id="H",
        developer_notes="",
    )


def test_the_version_of_the_program_is_not_written_down(config_dir: Path) -> None:
    assert identity.read().firmware_version == identity.program_version()
    assert state.read(Identity).firmware_version == ""


def test_two_devices_on_one_machine_are_two(tmp_path: Path) -> None:
    one = machine_facts.fingerprint(tmp_path / "one")
    two = machine_facts.fingerprint(tmp_path / "two")
    assert machine_facts.serial_number(one) != machine_facts.serial_number(two)
    assert machine_facts.device_uuid(one) != machine_facts.device_uuid(two)


def test_the_same_facts_make_the_same_identity(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/machine-id").write_text("0123456789abcdef\n")
    facts = [machine_facts.fingerprint(Path("/config"), tmp_path) for _ in range(2)]
    assert facts[0] == facts[1]


def test_a_machine_without_an_identity_gets_a_random_one(tmp_path: Path) -> None:
    facts = [machine_facts.fingerprint(Path("/config"), tmp_path) for _ in range(2)]
    assert facts[0] != facts[1]


def test_a_raspberry_pi_is_called_by_its_board(tmp_path: Path) -> None:
    (tmp_path / "proc/device-tree").mkdir(parents=True)
    (tmp_path / "proc/device-tree/model").write_bytes(b"Raspberry Pi 4 Model B Rev 1.4\0")
    assert machine_facts.hardware(tmp_path) == "Raspberry Pi 4 Model B Rev 1.4"


def test_a_second_process_keeps_the_serial_number_of_the_first(config_dir: Path) -> None:
    empty = state.read(Identity)
    first = identity.read().serial_number
    assert dataclasses.replace(identity._with_serial_number(state.read(Identity))) == (
        dataclasses.replace(empty, serial_number=first)
    )


def test_a_folder_that_is_gone_changes_nobodys_name(config_dir: Path) -> None:
    config_dir.rmdir()
    first = identity.read(), identity.endpoint()
    state.use(state.Store(config_dir))
    assert (identity.read(), identity.endpoint()) == first
