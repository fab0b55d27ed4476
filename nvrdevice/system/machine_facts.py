"""Where serial number and UUID come from: facts that only this machine has.

They are used once, at the first start; what was made of them is kept from then on, so that a
replaced network card does not make a new camera of the old one.
"""

import hashlib
import platform
import secrets
import uuid
from pathlib import Path

import psutil

ROOT = Path("/")
NAMESPACE = uuid.UUID("6f9f2f86-5f65-4b0c-9a3c-1d3f1c5b7a10")
SERIAL_LENGTH = 12
NO_HARDWARE_ADDRESS = "00:00:00:00:00:00"


def fingerprint(instance: Path, root: Path = ROOT) -> str:
    """A text of its own for this machine and this instance of the device on it.

    instance: a folder, because several devices may run side by side on one machine.
    Random where the machine has no identity (a container without a machine-id): copies of
    one image would otherwise be one camera to an NVR.
    """
    machine = read_line(root / "proc/device-tree/serial-number") or read_line(
        root / "etc/machine-id"
    )
    if not machine:
        machine = secrets.token_hex(16)
    return "\n".join([machine, *hardware_addresses(), str(instance)])


def serial_number(facts: str) -> str:
    return hashlib.sha256(b"serial\n" + facts.encode()).hexdigest()[:SERIAL_LENGTH].upper()


def device_uuid(facts: str) -> str:
    return str(uuid.uuid5(NAMESPACE, facts))


def hardware(root: Path = ROOT) -> str:
    """The board ("Raspberry Pi 4 Model B Rev 1.4") or the product of a PC, else its processor."""
    return (
        read_line(root / "proc/device-tree/model")
        or read_line(root / "sys/class/dmi/id/product_name")
        or platform.machine()
        or "unknown"
    )


def hardware_addresses() -> list[str]:
    """MAC addresses of the physical network cards, sorted."""
    found = set()
    for name, addresses in psutil.net_if_addrs().items():
        if not (ROOT / "sys/class/net" / name / "device").exists():
            continue
        for address in addresses:
            if address.family == psutil.AF_LINK and address.address != NO_HARDWARE_ADDRESS:
                found.add(address.address.lower())
    return sorted(found)


def read_line(path: Path) -> str:
    """The first line of a small file of the kernel, without NUL and blanks; "" where none."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(256)
    except OSError:
        return ""
    text = raw.replace(b"\0", b"").decode(errors="replace").strip()
    return "".join(letter for letter in text.split("\n")[0] if letter.isprintable())
