"""A database in a file and a reader with its threads, for tests of those who wait.

The tests' usual database is in memory and inside a transaction, which another thread cannot see.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.core.management import call_command
from django.db import connections

from nvrdevice.events import waiting
from nvrdevice.events.waiting import Reader
from nvrdevice.lib import home

T = TypeVar("T")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    path = tmp_path_factory.mktemp("live") / "empty.sqlite3"
    with django_db_blocker.unblock():
        kept = _swap(path)
        call_command("migrate", run_syncdb=True, verbosity=0)
        connections["default"].close()
        _restore(kept)
    return path


@pytest.fixture
def live_database(empty_database: Path, tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    path = tmp_path / "live.sqlite3"
    shutil.copy(empty_database, path)
    with django_db_blocker.unblock():
        kept = _swap(path)
        yield path
        connections["default"].close()
        _restore(kept)


@pytest.fixture
def live_reader(live_database: Path) -> Iterator[Reader]:
    reader = Reader(lambda: home.bell("tests"))
    waiting.use(reader)
    yield reader
    reader.close()
    waiting.use(None)


async def in_thread(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run what touches the database outside the event loop, and leave no connection behind."""

    def run() -> T:
        try:
            return function(*args, **kwargs)
        finally:
            connections["default"].close()

    return await asyncio.to_thread(run)


def _swap(path: Path) -> tuple[Any, str]:
    kept = connections["default"], connections.settings["default"]["NAME"]
    del connections["default"]
    connections.settings["default"]["NAME"] = str(path)
    return kept


def _restore(kept: tuple[Any, str]) -> None:
    connections["default"], connections.settings["default"]["NAME"] = kept
