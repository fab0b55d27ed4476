"""The users in memory: always as the database has them, in any thread."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from nvrdevice.accounts import book, users
from nvrdevice.accounts.book import Account, Book
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.models import User
from nvrdevice.accounts.users import Change
from nvrdevice.audit.trail import Actor
from nvrdevice.lib import glance
from nvrdevice.lib.errors import DeviceError


def test_an_account_is_found(people: None) -> None:
    user_id = User.objects.get(username="otto").pk
    assert book.find("otto") == Account(
        username="otto",
        level=Level.OPERATOR,
        onvif_access=True,
        must_change_password=False,
        user_id=user_id,
    )
    assert book.find("nobody") is None


def test_who_is_switched_off_is_not_found(people: None, by: Actor) -> None:
    account = book.find("vera")
    assert account is not None
    users.update(Change("vera", active=False), by=by)
    assert book.find("vera") is None
    assert book.password_of(account) is None


def test_what_is_printed_has_no_password(people: None) -> None:
    assert "secret" not in repr(book.entries())


def test_another_hash_ends_the_sealed_password(people: None) -> None:
    vera = User.objects.get(username="vera")
    vera.set_password("by-another-road")
    vera.save()
    account = book.find("vera")
    assert account is not None
    assert book.password_of(account) is None


@pytest.fixture
def on_disk(people: None, tmp_path: Path) -> Iterator[Path]:
    """The three people in a database file."""
    path = tmp_path / "copy.sqlite3"
    copy = sqlite3.connect(path)
    copy.executescript("\n".join(connection.connection.iterdump()))
    copy.execute("PRAGMA journal_mode=WAL")
    copy.close()
    yield path


def test_a_write_of_another_process_counts_at_once(on_disk: Path) -> None:
    read = Book(str(on_disk))
    first = read.entries()
    assert sorted(first) == ["admin", "otto", "vera"]
    assert read.entries() is first  # nothing was written: nothing is read
    with sqlite3.connect(on_disk) as other:
        other.execute("UPDATE nvrdevice_user SET is_active = 0 WHERE username = 'vera'")
    assert read.entries()["vera"].active is False
    assert read.entries()["otto"] is first["otto"]  # unsealed once
    read.close()


def test_where_looks_are_shared_the_own_process_tells_of_its_writes(
    on_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "_moment_ns", 10**12)
    read = Book(str(on_disk))
    read.entries()
    with sqlite3.connect(on_disk) as other:
        other.execute("UPDATE nvrdevice_user SET is_active = 0 WHERE username = 'vera'")
    assert read.entries()["vera"].active is True
    read.look_again()
    assert read.entries()["vera"].active is False
    read.close()


def test_the_book_never_writes(on_disk: Path) -> None:
    read = Book(str(on_disk))
    with pytest.raises(sqlite3.OperationalError):
        read._connection.execute("DELETE FROM nvrdevice_user")
    read.close()


def test_a_database_without_users_table_is_unavailable(tmp_path: Path) -> None:
    read = Book(str(tmp_path / "empty.sqlite3"))
    with pytest.raises(DeviceError) as refused:
        read.entries()
    assert refused.value.kind.value == "unavailable"
    read.close()
