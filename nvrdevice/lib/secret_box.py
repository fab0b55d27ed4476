"""Sealing of what must be recoverable (digest passwords, camera passwords).

The key lives in a file of its own, 0600, outside database and configuration, so that a copy
of either tells nobody a password. Old keys may follow the newest one, a line each.
"""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from nvrdevice.lib import atomic_file
from nvrdevice.lib.errors import DeviceError, Kind

KEY_FILE = "seal.key"


class SecretBox:
    def __init__(self, folder: Path) -> None:
        """Open the box in folder, making folder (0700) and key (0600) on first use."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / KEY_FILE
        if not path.exists():
            _create_once(path, Fernet.generate_key() + b"\n")
        self._fernet = MultiFernet([Fernet(line) for line in path.read_bytes().split()])

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text again; DeviceError(UNAVAILABLE) where another key sealed it."""
        try:
            return self._fernet.decrypt(bytes(sealed)).decode()
        except InvalidToken:
            raise DeviceError(
                Kind.UNAVAILABLE,
                "A sealed secret cannot be opened with this device's key: set the password anew.",
            ) from None


def read_or_create(path: Path, fresh: bytes) -> bytes:
    """The bytes of a secret file, made from fresh (0600) where there is none yet."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _create_once(path, fresh)
    return path.read_bytes()


def _create_once(path: Path, data: bytes) -> None:
    # Two processes may start at once: the link fails for the second, which then reads the first's.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    atomic_file.write_bytes(draft, data, mode=0o600)
    try:
        os.link(draft, path)
        atomic_file.sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def read_or_create_text(path: Path) -> str:
    """A random text of 64 characters that is made once and kept."""
    return read_or_create(path, secrets.token_urlsafe(48).encode()).decode()
