"""Where the files of this machine are found: below /, or below a folder that plays the machine.

With NVR_SYSTEM_BACKEND=simulated, what the device sets is written there and read back from
there; whatever was never set is still the true machine's.
"""

from pathlib import Path

from django.conf import settings

ROOT = Path("/")


def is_simulated() -> bool:
    return bool(settings.NVR_SYSTEM_BACKEND == "simulated")


def simulated() -> Path:
    return Path(settings.NVR_DATA_DIR) / "simulated"


def having(path: str) -> Path:
    """The root below which `path` is to be read."""
    if is_simulated() and (simulated() / path).exists():
        return simulated()
    return ROOT
