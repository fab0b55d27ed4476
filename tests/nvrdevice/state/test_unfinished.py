"""A change of two documents that is cut off between them is taken back, and never a later one."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nvrdevice import state
from nvrdevice.state import unfinished
from nvrdevice.state.store import Store


@state.section("test-doors.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Doors:
    key: str = state.setting("old", title="Key")


@state.section("test-windows.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Windows:
    key: str = state.setting("old", title="Key")


BOTH: dict[type[Any], Callable[[Any], Any]] = {
    Doors: lambda now: dataclasses.replace(now, key="new"),
    Windows: lambda now: dataclasses.replace(now, key="new"),
}


class CutOff(Store):
    """The power goes before the second document is written."""

    saved = 0

    def _save(self, *each: Any) -> None:
        if self.saved:
            os._exit(9)
        self.saved += 1
        super()._save(*each)


def cut_off(folder: Path) -> None:
    child = os.fork()
    if not child:
        CutOff(folder).update_all(BOTH)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def keys(store: Store) -> tuple[str, str]:
    return store.read(Doors).key, store.read(Windows).key


@pytest.mark.parametrize("written", [True, False])
def test_a_start_takes_back_what_was_cut_off(config_dir: Path, *, written: bool) -> None:
    if written:
        Store(config_dir).create_missing()
    cut_off(config_dir)
    assert keys(Store(config_dir)) == ("new", "old")
    Store(config_dir).create_missing()
    assert keys(Store(config_dir)) == ("old", "old")
    assert not (config_dir / unfinished.NAME).exists()


def test_the_next_change_takes_it_back_first(config_dir: Path) -> None:
    store = Store(config_dir)
    cut_off(config_dir)
    store.update(Windows, lambda now: dataclasses.replace(now, key="other"))
    assert keys(store) == ("old", "other")
    Store(config_dir).create_missing()
    assert keys(Store(config_dir)) == ("old", "other")


def test_what_is_taken_back_can_still_be_read(config_dir: Path) -> None:
    cut_off(config_dir)
    Store(config_dir).create_missing()
    assert "new" in (config_dir / ("test-doors.yaml" + unfinished.LEFT)).read_text()


def test_a_change_that_is_made_leaves_nothing_to_take_back(config_dir: Path) -> None:
    Store(config_dir).update_all(BOTH)
    assert keys(Store(config_dir)) == ("new", "new")
    assert not (config_dir / unfinished.NAME).exists()


def test_a_note_that_is_none_of_ours_is_no_obstacle(config_dir: Path) -> None:
    (config_dir / unfinished.NAME).write_text("{")
    Store(config_dir).update_all(BOTH)
    assert keys(Store(config_dir)) == ("new", "new")
