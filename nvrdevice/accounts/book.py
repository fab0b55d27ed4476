"""The users in memory, for faces that ask on every request; a changed user counts from the next on.

SQLite's data_version tells in microseconds whether anybody wrote to the database since; only
then are the rows read again, and only changed ones unsealed. Requests of one moment share a look.
Safe in any thread, also inside an event loop: the connection is the book's own and reads only.
"""

import contextlib
import functools
import sqlite3
import threading
from dataclasses import dataclass

from django.conf import settings

from nvrdevice.accounts import sealing
from nvrdevice.accounts.levels import Level, level_of
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.glance import Glance

_ROWS = """
SELECT u.id, u.username, u.password, u.is_active, u.onvif_access, u.must_change_password,
       u.bootstrap_password, u.sealed_secret,
       (SELECT group_concat(g.name) FROM nvrdevice_user_groups m
        JOIN auth_group g ON g.id = m.group_id WHERE m.user_id = u.id)
FROM nvrdevice_user u ORDER BY u.id
"""
_Row = tuple[int, str, str, int, int, int, int, bytes | None, str | None]


@dataclass(frozen=True)
class Account:
    """Who was let in, or could be: an active user."""

    username: str
    level: Level
    onvif_access: bool
    must_change_password: bool
    user_id: int


@dataclass(frozen=True)
class Entry:
    """An account and what checking its password needs; never leaves the accounts package."""

    account: Account
    active: bool
    bootstrap_password: bool
    password_hash: str
    password: str | None  # None: no ONVIF access, or waiting for the next sign-in

    def __repr__(self) -> str:
        return f"Entry({self.account.username!r})"


class Book:
    def __init__(self, database: str, *, in_memory: bool = False) -> None:
        self._lock = threading.Lock()
        self._in_memory = in_memory
        self._connection = sqlite3.connect(
            database, uri=in_memory, isolation_level=None, check_same_thread=False, timeout=5
        )
        self._connection.execute("PRAGMA query_only=ON")
        if in_memory:  # a test's database, shared with its open transaction
            self._connection.execute("PRAGMA read_uncommitted=ON")
        self._version: int | None = None
        self._glance = Glance()
        self._rows: dict[str, _Row] = {}
        self._entries: dict[str, Entry] = {}

    def entries(self) -> dict[str, Entry]:
        """All users by name, as the database has them now."""
        if self._glance.counts():
            return self._entries
        with self._lock:
            try:
                begun = self._glance.begin()
                found = self._current()
                if not self._in_memory:
                    self._glance.done(begun)
                return found
            except sqlite3.Error as error:
                raise DeviceError(
                    Kind.UNAVAILABLE,
                    f"The users cannot be read just now ({error}): try again in a moment.",
                ) from error

    def _current(self) -> dict[str, Entry]:
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version or self._in_memory:
            # Read after the version: a write in between only means reading once more.
            rows: dict[str, _Row] = {
                row[1]: row for row in self._connection.execute(_ROWS).fetchall()
            }
            if rows != self._rows:
                self._entries = {
                    name: self._entries[name] if row == self._rows.get(name) else _entry(row)
                    for name, row in rows.items()
                }
                self._rows = rows
            self._version = version
        return self._entries

    def look_again(self) -> None:
        """Somebody of this process changed a user."""
        self._glance.forget()

    def close(self) -> None:
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._connection.close()


def _entry(row: _Row) -> Entry:
    user_id, username, encoded, active, onvif_access, must_change, bootstrap, sealed, roles = row
    account = Account(
        username=username,
        level=level_of((roles or "").split(",")),
        onvif_access=bool(onvif_access),
        must_change_password=bool(must_change),
        user_id=user_id,
    )
    password = sealing.unseal(sealed, encoded) if onvif_access else None
    return Entry(account, bool(active), bool(bootstrap), encoded, password)


@functools.lru_cache(maxsize=4)
def _book(database: str) -> Book:
    return Book(database, in_memory=database.startswith("file:"))


def _here() -> Book:
    return _book(str(settings.DATABASES["default"]["NAME"]))


def entries() -> dict[str, Entry]:
    return _here().entries()


def look_again() -> None:
    """For who changed a user: the next look is a true one."""
    _here().look_again()


def entry(username: str) -> Entry | None:
    return entries().get(username)


def find(username: str) -> Account | None:
    """The active account of that name."""
    found = entry(username)
    return found.account if found is not None and found.active else None


def password_of(account: Account) -> str | None:
    """The password in memory, None where ONVIF access is off or waits for the next sign-in."""
    found = entry(account.username)
    return found.password if found is not None and found.active else None
