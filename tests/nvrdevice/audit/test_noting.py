"""A change of a document and its audit row: both or neither, whichever step fails."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor, Note
from nvrdevice.discovery import scopes
from nvrdevice.lib import atomic_file
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import profiles, settings

BY = Actor("alice", "192.0.2.7", "web")
HALL = "onvif://www.onvif.org/zone/hall"
SAFE = "system.yaml"


@pytest.fixture(autouse=True)
def the_database(transactional_db: None) -> None:
    """Real commits: a test's own transaction would hide what a failed one leaves."""


def as_it_is(folder: Path) -> tuple[list[str], bytes | None, int]:
    """What is served, what is on the disk, and how many rows there are."""
    scopes.everything()  # what is made once and kept is made by now
    path = folder / SAFE
    raw = path.read_bytes() if path.exists() else None
    return list(scopes.configurable()), raw, AuditRow.objects.count()


@contextmanager
def full(statement: str) -> Iterator[None]:
    """The database refuses this statement, as on a full disk."""

    def refuse(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.startswith(statement):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(connection, "_commit", refuse)


def no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_file, "write_bytes", refuse)


def no_folder_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is in place by then: only putting the old one back undoes it."""
    left = [1]

    def refuse(_: Path) -> None:
        if left:
            left.pop()
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(atomic_file, "sync_folder", refuse)


def test_a_change_leaves_its_row() -> None:
    scopes.add_scopes([HALL], by=BY)
    row = AuditRow.objects.get()
    assert (row.action, row.before, row.after) == ("add scopes", [], [HALL])
    assert scopes.configurable() == (HALL,)


@pytest.mark.parametrize("before", [(), (HALL + "/old",)])
@pytest.mark.parametrize("step", [no_commit, no_file, no_folder_sync])
def test_nothing_is_changed_where_a_step_fails(
    config_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    step,  # type: ignore[no-untyped-def]
    before: tuple[str, ...],
) -> None:
    if before:
        scopes.set_scopes(before, by=BY)
    was = as_it_is(config_dir)
    with monkeypatch.context() as patched:
        step(patched)
        with pytest.raises(DeviceError) as refused:
            scopes.add_scopes([HALL], by=BY)
    assert refused.value.kind is Kind.UNAVAILABLE
    assert "nothing was changed" in refused.value.text
    assert as_it_is(config_dir) == was
    scopes.add_scopes([HALL], by=BY)
    assert scopes.configurable() == (*before, HALL)


def test_nothing_is_changed_where_the_row_cannot_be_written(config_dir: Path) -> None:
    was = as_it_is(config_dir)
    with full("INSERT"), pytest.raises(DeviceError) as refused:
        scopes.add_scopes([HALL], by=BY)
    assert refused.value.kind is Kind.UNAVAILABLE
    assert as_it_is(config_dir) == was


def test_a_profile_is_not_made_where_its_row_cannot_be_written() -> None:
    was = settings.read().profiles
    with full("INSERT"), pytest.raises(DeviceError) as refused:
        profiles.create_profile("Hall", None, BY)
    assert refused.value.kind is Kind.UNAVAILABLE
    assert settings.read().profiles == was


def test_a_later_change_of_another_process_is_not_undone(config_dir: Path) -> None:
    other = state.Store(config_dir)
    with pytest.raises(DeviceError), _meddled(other):
        scopes.add_scopes([HALL], by=BY)
    assert scopes.mode() == scopes.NON_DISCOVERABLE


@contextmanager
def _meddled(other: state.Store) -> Iterator[None]:
    """Between file and commit another process, which leaves no row, writes; the commit fails."""
    kept = connection._commit

    def refuse() -> None:
        other.update(
            scopes.Announcement,
            lambda now: dataclasses.replace(now, discovery_mode=scopes.NON_DISCOVERABLE),
        )
        raise OperationalError("database or disk is full")

    connection._commit = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        connection._commit = kept  # type: ignore[method-assign]


def test_a_refused_change_leaves_no_row() -> None:
    with pytest.raises(DeviceError):
        scopes.set_mode("sometimes", by=BY)
    assert AuditRow.objects.count() == 0


def test_no_note_no_row() -> None:
    noting = trail.noting(BY, "try", lambda _before, _after: None)
    state.update(scopes.Announcement, lambda now: now, noting)
    assert AuditRow.objects.count() == 0


def test_an_outer_transaction_takes_the_row_along() -> None:
    def give_up() -> None:
        with transaction.atomic():
            with trail.noting(BY, "try", lambda _before, _after: Note(object="x")) as note:
                note(1, 2)
            raise DatabaseError("outer")

    with pytest.raises(DatabaseError):
        give_up()
    assert AuditRow.objects.count() == 0
