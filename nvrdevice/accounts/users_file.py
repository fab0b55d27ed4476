"""config/users.yaml: the people of the database for people to read, edit and carry elsewhere.

The database holds the users. The digest of the bytes to be written is stored in the transaction
that changes them, so that a file found at start is either ours (of now or of before: written
anew) or was edited by a person. A kill at any moment leaves the old users or the new ones.
"""

import contextlib
import fcntl
import hashlib
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import yaml
from django.conf import settings
from django.db import transaction

from nvrdevice.accounts import hashes, policy
from nvrdevice.accounts.levels import ADMIN, ROLES
from nvrdevice.accounts.models import User, UsersFileState
from nvrdevice.lib import atomic_file
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.state import store

log = logging.getLogger(__name__)

NAME = "users.yaml"
ASIDE = ".set-aside"
USERS_MAX = 64
LOCK_TIMEOUT_S = 10.0
LOCK_PAUSE_S = 0.02
HEADER = """\
# users.yaml: the users of this device, without their passwords. Written after each change.
# Edit it while the device is stopped: at the next start it replaces the users whole. A user
# whose hash is new here can use ONVIF after the next sign-in in the browser.
"""
FIELDS = ("username", "password_hash", "roles", "onvif_access", "active", "must_change_password")


@dataclass(frozen=True)
class Entry:
    """One user as the file has it; password_hash in the database's form."""

    username: str
    password_hash: str
    roles: tuple[str, ...]
    onvif_access: bool = True
    active: bool = True
    must_change_password: bool = False


def path() -> Path:
    folder: Path = settings.NVR_CONFIG_DIR
    return folder / NAME


@contextlib.contextmanager
def lock() -> Iterator[None]:
    """Held from before the transaction until the file is written, across processes."""
    try:
        stream = path().with_name(".users.lock").open("w")
    except OSError as error:
        raise DeviceError(
            Kind.UNAVAILABLE, f"{path().parent} cannot be written ({error.strerror})."
        ) from error
    with stream:
        _wait_for(stream)
        yield


def _wait_for(stream: IO[str]) -> None:
    until_s = SYSTEM_CLOCK.monotonic_s() + LOCK_TIMEOUT_S
    while True:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if SYSTEM_CLOCK.monotonic_s() > until_s:
                raise DeviceError(
                    Kind.UNAVAILABLE, "Another program is changing the users: try again."
                ) from None
            time.sleep(LOCK_PAUSE_S)
        else:
            return


def entries(names: Iterable[str] | None = None) -> list[Entry]:
    """The users of the database, oldest first; only those called names where given."""
    wanted = User.objects.order_by("id").prefetch_related("groups")
    if names is not None:
        wanted = wanted.filter(username__in=list(names))
    return [
        Entry(
            username=user.username,
            password_hash=user.password,
            roles=tuple(role for role in ROLES if role in groups),
            onvif_access=user.onvif_access,
            active=user.is_active,
            must_change_password=user.must_change_password,
        )
        for user in wanted
        for groups in [{group.name for group in user.groups.all()}]
    ]


def render() -> bytes:
    """The bytes that belong to the database as it is."""
    users = [
        {field: _plain(getattr(entry, field)) for field in FIELDS if _is_told(entry, field)}
        for entry in entries()
    ]
    text: str = yaml.safe_dump({"users": users}, sort_keys=False, allow_unicode=True)
    return (HEADER + text).encode()


def _is_told(entry: Entry, field: str) -> bool:
    # What is as usual is left out, so that the file stays as short as the owner knows it.
    return bool(getattr(entry, field) != getattr(Entry, field, None))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def promise() -> bytes:
    """Inside the changing transaction: store the digest of the bytes to be written; the bytes."""
    data = render()
    found = UsersFileState.objects.first() or UsersFileState(digest="")
    lying = on_disk()
    known = (found.digest, found.previous)
    found.previous = lying if lying and lying in known else found.digest
    found.digest = _digest(data)
    found.save()
    return data


def write(data: bytes) -> None:
    """After the commit. A full disk does not undo the change: the next write repairs the file."""
    try:
        _set_aside(data)
        atomic_file.sweep(path().parent, NAME)
        atomic_file.write_bytes(path(), data, mode=0o600)
    except OSError as error:
        log.error(
            "%s cannot be written (%s): the users are saved, the file follows later.",
            path(),
            error.strerror,
        )


def restore() -> None:
    """At start, where no person edited the file: make it what the database says."""
    if not User.objects.exists():
        return
    with lock():
        with transaction.atomic(durable=True):
            data = promise()
        if on_disk() != _digest(data):
            write(data)


def _set_aside(data: bytes) -> None:
    # A person edited the file while the device ran: what they wrote is kept beside it.
    state = UsersFileState.objects.first()
    lying = on_disk()
    if lying and lying != _digest(data) and (state is None or lying != state.previous):
        aside = path().with_name(NAME + ASIDE)
        atomic_file.write_bytes(aside, path().read_bytes(), mode=0o600)
        log.warning("%s was edited while the device ran: its text is now in %s.", NAME, aside)


def on_disk() -> str:
    """The digest of the file as it lies there, empty where there is none."""
    try:
        return _digest(path().read_bytes())
    except OSError:
        return ""


def is_edited() -> bool:
    """Whether a person wrote the file that lies there."""
    lying = on_disk()
    state = UsersFileState.objects.first()
    return bool(lying) and (state is None or lying not in (state.digest, state.previous))


def problem() -> str:
    """What is wrong with the file just now, in a sentence; empty where nothing is."""
    if not is_edited():
        return ""
    try:
        read()
    except DeviceError as error:
        return f"{error.text} The users of the database serve until it is corrected."
    return f"{NAME} was edited: it is read at the next start of the device."


def read() -> list[Entry]:
    """The file, validated whole; DeviceError names the place and what would be right."""
    try:
        with path().open("rb") as stream:
            raw = stream.read(store.SIZE_LIMIT + 1)
    except OSError as error:
        raise DeviceError(Kind.UNAVAILABLE, f"{NAME}: cannot be read ({error.strerror}).") from None
    if len(raw) > store.SIZE_LIMIT:
        raise DeviceError(Kind.INVALID, f"{NAME}: larger than {store.SIZE_LIMIT:,} bytes.")
    listed = store.parse(raw, NAME).get("users")
    if not isinstance(listed, list) or not 1 <= len(listed) <= USERS_MAX:
        raise _wrong("users", f"a list of 1 to {USERS_MAX} users")
    found = [_entry(item, f"users[{index}]") for index, item in enumerate(listed)]
    names = [entry.username.casefold() for entry in found]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise _wrong(f"users[{index}].username", "a name that no other user has")
    if not any(entry.active and ADMIN in entry.roles for entry in found):
        raise _wrong("users", "at least one active user with the role admin")
    return found


def _entry(item: Any, place: str) -> Entry:
    if not isinstance(item, dict):
        raise _wrong(place, "a mapping with username, password_hash and roles")
    for key in item:
        if key not in (*FIELDS, "hashed_password"):
            log.warning("%s: %s.%s: unknown setting, not kept.", NAME, place, str(key)[:40])
    encoded = hashes.read(str(item.get("password_hash", item.get("hashed_password", ""))))
    if encoded is None:
        raise _wrong(f"{place}.password_hash", "a bcrypt hash ($2b$… of cost 4 to 15)")
    roles = item.get("roles")
    if not isinstance(roles, list):
        raise _wrong(f"{place}.roles", "a list of roles")
    try:
        return Entry(
            username=policy.username(str(item.get("username", ""))),
            password_hash=encoded,
            roles=policy.roles(tuple(str(role) for role in roles)),
            onvif_access=_flag(item, "onvif_access", place, default=True),
            active=_flag(item, "active", place, default=True),
            must_change_password=_flag(item, "must_change_password", place, default=False),
        )
    except DeviceError as error:
        if error.text.startswith(NAME):
            raise
        raise DeviceError(
            Kind.INVALID, f"{NAME}: {place}.{error.field}: {error.text}", field=error.field
        ) from None


def _flag(item: dict[str, Any], key: str, place: str, *, default: bool) -> bool:
    value = item.get(key, default)
    if not isinstance(value, bool):
        raise _wrong(f"{place}.{key}", "true or false")
    return value


def _wrong(place: str, expected: str) -> DeviceError:
    return DeviceError(Kind.INVALID, f"{NAME}: {place}: expected {expected}.", field=place)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
