"""The numbers that must rise over restarts: InstanceId and MetadataVersion.

Listeners drop messages whose numbers fall (WS-Discovery 7). The clock alone will not do:
a board without a real-time clock starts in the past.
"""

import contextlib
import hashlib
import json
import logging
from pathlib import Path
from typing import Any

from nvrdevice.discovery.messages import Sequence
from nvrdevice.lib import atomic_file
from nvrdevice.lib.clock import Clock

log = logging.getLogger(__name__)

FILE = "discovery.json"
HIGHEST = 2**32 - 1  # both are xs:unsignedInt


class Counters:
    def __init__(self, folder: Path, clock: Clock) -> None:
        """Read the folder's file and begin a new instance."""
        self._path = folder / FILE
        kept = _kept(self._path)
        self.instance = _next(max(kept["instance"], int(clock.now().timestamp()) - 1))
        self.metadata_version: int = kept["metadata_version"]
        self._fingerprint: str = kept["fingerprint"]
        self._message = 0
        self._save()

    def next(self) -> Sequence:
        """The AppSequence of the next message."""
        self._message = _next(self._message)
        return Sequence(self.instance, self._message)

    def describe(self, *facts: tuple[str, ...]) -> bool:
        """Note types, scopes and addresses; True, and a higher version, where they differ."""
        fingerprint = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
        if fingerprint == self._fingerprint:
            return False
        self._fingerprint = fingerprint
        self.metadata_version = _next(self.metadata_version)
        self._save()
        return True

    def _save(self) -> None:
        values = {
            "instance": self.instance,
            "metadata_version": self.metadata_version,
            "fingerprint": self._fingerprint,
        }
        try:
            atomic_file.write_bytes(self._path, json.dumps(values).encode())
        except OSError as error:  # a full disk must not make the device invisible
            log.warning("%s cannot be written (%s)", self._path, error.strerror)


def _kept(path: Path) -> dict[str, Any]:
    kept = {"instance": 0, "metadata_version": 0, "fingerprint": ""}
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(path.read_bytes())
        if isinstance(found, dict):
            for key, value in kept.items():
                if isinstance(found.get(key), type(value)):
                    kept[key] = found[key]
    return kept


def _next(number: int) -> int:
    return number % HIGHEST + 1
