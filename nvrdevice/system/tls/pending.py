"""A change that takes itself back unless somebody who came over HTTPS keeps it.

Written before the change is made and removed after it is kept or taken back: whatever a kill
cuts in two, the device ends with what worked.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nvrdevice.lib import atomic_file
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system.tls import shelf

FILE = "pending.json"
PATIENCE = timedelta(seconds=60)
MODE, CERTIFICATE = "mode", "certificate"


@dataclass(frozen=True, kw_only=True)
class Pending:
    """back_to: the mode, or the name on the shelf, that was there before."""

    what: str
    back_to: str
    since: datetime

    def left_s(self, now: datetime) -> float:
        """Seconds until it is taken back; a clock that was set back does not prolong it."""
        gone = now - self.since
        return 0.0 if gone < timedelta(0) else max((PATIENCE - gone).total_seconds(), 0.0)


def read() -> Pending | None:
    try:
        found = json.loads(_path().read_bytes())
        return Pending(
            what=str(found["what"]),
            back_to=str(found["back_to"]),
            since=datetime.fromisoformat(found["since"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):  # nobody but we writes it
        return None


def write(change: Pending) -> None:
    data = json.dumps({**asdict(change), "since": change.since.isoformat()}).encode()
    try:
        atomic_file.write_bytes(_path(), data, mode=0o600)
    except OSError as error:
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"{_path()} cannot be written ({error.strerror}): nothing was changed.",
        ) from error


def clear() -> None:
    _path().unlink(missing_ok=True)
    atomic_file.sync_folder(shelf.folder())


def _path() -> Path:
    return shelf.folder() / FILE
