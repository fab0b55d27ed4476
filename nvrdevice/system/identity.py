"""Who this device says it is: the keys of device.yaml, and the UUID it keeps for life.

Empty values are filled from the machine when they are read, so that an update of the program
shows its own version. Serial number and UUID are made once and then kept in the files.
"""

import dataclasses
import functools
import importlib.metadata
import logging
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.errors import DeviceError
from nvrdevice.system import machine_facts

log = logging.getLogger(__name__)

Section = TypeVar("Section")

TEXT_LIMIT = 64  # ONVIF clients show these in narrow columns; scopes carry them too


@state.section("device.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Identity:
    manufacturer: str = state.setting(
        "NVR Device", title="Manufacturer", help="Shown by the NVR.", low=1, high=TEXT_LIMIT
    )
    model: str = state.setting(
        "Network Camera", title="Model", help="Shown by the NVR.", low=1, high=TEXT_LIMIT
    )
    firmware_version: str = state.setting(
        "", title="Firmware version", help="Empty: the version of this program.", high=TEXT_LIMIT
    )
    serial_number: str = state.setting(
        "",
        title="Serial number",
        help="Made at the first start and kept: an NVR recognises the device by it.",
        high=TEXT_LIMIT,
    )
    hardware_id: str = state.setting(
        "", title="Hardware", help="Empty: what the machine calls itself.", high=TEXT_LIMIT
    )
    developer_notes: str = state.setting(
        "", title="Notes", help="For people who read the file.", high=2000
    )


@state.section("system.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Kept:
    uuid: str = state.setting(
        "",
        title="UUID",
        help="Made at the first start and kept: discovery names the device by it.",
        pattern=r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        pattern_words="a UUID in small letters",
    )


def read() -> Identity:
    """The identity as clients are told it, nothing left empty but the notes."""
    identity = state.read(Identity)
    if not identity.serial_number:
        identity = _keep(Identity, _with_serial_number)
    return _filled(identity)


@functools.lru_cache(maxsize=2)  # neither program nor board changes while this process runs
def _filled(identity: Identity) -> Identity:
    return dataclasses.replace(
        identity,
        firmware_version=identity.firmware_version or program_version(),
        hardware_id=identity.hardware_id or machine_facts.hardware()[:TEXT_LIMIT],
    )


def change(*, manufacturer: str, model: str, by: Actor) -> Identity:
    """What its maker calls it; NVRs that know the device may show the old words for a while."""
    after = state.update(
        Identity,
        lambda now: dataclasses.replace(now, manufacturer=manufacturer, model=model),
        trail.noting(by, "set identity", trail.differences("device.yaml")),
    )
    return _filled(after)


def device_uuid() -> str:
    """The UUID, in the plain form; discovery says urn:uuid: before it."""
    return state.read(Kept).uuid or _keep(Kept, _with_uuid).uuid


def endpoint() -> str:
    """What WS-Discovery and GetEndpointReference call this device."""
    return "urn:uuid:" + device_uuid()


@functools.cache
def program_version() -> str:
    try:
        return importlib.metadata.version("nvrdevice")
    except importlib.metadata.PackageNotFoundError:
        return _version_in(Path(settings.BASE_DIR) / "pyproject.toml")


def _version_in(path: Path) -> str:
    try:
        return str(tomllib.loads(path.read_text())["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "unknown"


def _keep(section: type[Section], make: Callable[[Section], Section]) -> Section:
    try:
        return state.update(section, make)
    except DeviceError as error:
        # The folder cannot be written: the same is made of the same facts the next time.
        log.debug("%s", error.text)  # asked every few seconds; the start warns of such a folder
        return make(state.read(section))


# Both look again under the store's lock: two processes may start at the same moment.
def _with_serial_number(now: Identity) -> Identity:
    if now.serial_number:
        return now
    facts = machine_facts.fingerprint(settings.NVR_CONFIG_DIR)
    return dataclasses.replace(now, serial_number=machine_facts.serial_number(facts))


def _with_uuid(now: Kept) -> Kept:
    if now.uuid:
        return now
    facts = machine_facts.fingerprint(settings.NVR_CONFIG_DIR)
    return dataclasses.replace(now, uuid=machine_facts.device_uuid(facts))
