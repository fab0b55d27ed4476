"""Where certificates lie: one folder each, and a link "current" to the one that is shown.

The link is replaced in one step, so certificate and key of an answer always belong together,
also after a power cut. The one before stays, to go back to. A name tells who made it: "own-…"
the device, "given-…" somebody else.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from nvrdevice.lib import atomic_file
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system.tls.pair import Facts, Key, Pair, facts_of

OWN, GIVEN = "own", "given"
CURRENT, LOCK = "current", ".lock"
CERTIFICATE, KEY = "certificate.pem", "key.pem"
SIZE_MAX = 400_000


@dataclass(frozen=True)
class Files:
    certificate: Path
    key: Path


def folder() -> Path:
    return Path(settings.NVR_SECRET_DIR) / "tls"


def files() -> Files:
    """The pair that is shown now; they exist once ensure() has run."""
    return _files(folder() / (current() or CURRENT))


def current() -> str:
    """The name of the one shown; "" where there is none."""
    try:
        return Path(os.readlink(folder() / CURRENT)).name  # noqa: PTH115 - only its text
    except OSError:
        return ""


def names() -> list[str]:
    """All that lie here, the newest first."""
    found = [each for each in folder().glob("*-*") if each.is_dir() and not each.is_symlink()]
    return [each.name for each in sorted(found, key=_age, reverse=True)]


def facts(name: str | None = None) -> Facts:
    """What the certificate says; DeviceError(UNAVAILABLE) where it cannot be read."""
    name = current() if name is None else name
    return facts_of(_chain(name)[0], own=name.startswith(OWN))


def load(name: str) -> Pair:
    """Certificate and key, proved to fit each other and to be usable for TLS."""
    found = _files(folder() / name)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(found.certificate, found.key, "")
    except (OSError, ValueError) as error:
        raise _broken(error) from None
    return Pair(_chain(name), key(name))


def key(name: str) -> Key:
    try:
        loaded = load_pem_private_key(_read(_files(folder() / name).key), None)
    except (OSError, ValueError, TypeError) as error:
        raise _broken(error) from None
    return loaded  # type: ignore[return-value] # only checked ones are put here


def chain_pem() -> bytes:
    try:
        return _read(files().certificate)
    except OSError as error:
        raise _broken(error) from None


def put(pair: Pair, who: str, now: datetime) -> str:
    """Lay a pair beside the others and try it; its name. It is not shown yet."""
    name = f"{who}-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    place = folder() / name
    try:
        place.mkdir(mode=0o700, parents=True)
        atomic_file.write_bytes(place / KEY, pair.key_pem(), mode=0o600)
        atomic_file.write_bytes(place / CERTIFICATE, pair.certificate_pem(), mode=0o600)
        atomic_file.sync_folder(folder())
        load(name)
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"{place} cannot be written ({error.strerror}): nothing was changed. "
            "Free space or allow writing there, then try again.",
        ) from error
    except DeviceError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise DeviceError(
            Kind.INVALID, f"The certificate cannot be used for TLS: {error.text}", field="chain"
        ) from None
    return name


def show(name: str) -> None:
    """From now on this one is shown."""
    draft = folder() / f".{CURRENT}.new"
    try:
        draft.unlink(missing_ok=True)
        draft.symlink_to(name)
        draft.replace(folder() / CURRENT)
        atomic_file.sync_folder(folder())
    except OSError as error:
        raise DeviceError(
            Kind.UNAVAILABLE, f"{folder()} cannot be written ({error.strerror})."
        ) from error


def sweep(*kept: str) -> None:
    for name in names():
        if name not in (*kept, current()):
            shutil.rmtree(folder() / name, ignore_errors=True)


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """One change at a time, whichever process makes it."""
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        stream = (folder() / LOCK).open("w")
    except OSError as error:
        raise DeviceError(
            Kind.UNAVAILABLE, f"{folder()} cannot be written ({error.strerror})."
        ) from error
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _chain(name: str) -> tuple[x509.Certificate, ...]:
    try:
        data = _read(_files(folder() / (name or CURRENT)).certificate)
        return tuple(x509.load_pem_x509_certificates(data))
    except (OSError, ValueError) as error:
        raise _broken(error) from None


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(SIZE_MAX)


def _files(place: Path) -> Files:
    return Files(place / CERTIFICATE, place / KEY)


def _age(place: Path) -> tuple[str, float]:
    return place.name.partition("-")[2], place.stat().st_mtime


def _broken(error: Exception) -> DeviceError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return DeviceError(
        Kind.UNAVAILABLE,
        f"The certificate in {folder()} cannot be used ({reason[:150] or type(error).__name__}).",
    )
