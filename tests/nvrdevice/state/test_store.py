"""The documents: what is read, what is refused, and what a broken file does."""

import dataclasses
import tempfile
from pathlib import Path

import pytest

from nvrdevice import state
from nvrdevice.lib import glance
from nvrdevice.lib.errors import DeviceError
from nvrdevice.state import store, validate


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lamp:
    name: str = state.setting("lamp", title="Name", low=1, high=8)
    lit: bool = state.setting(False, title="Lit")


@state.section("test-lamps.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Lamps:
    lamps: tuple[Lamp, ...] = state.setting(factory=lambda: (Lamp(),), title="Lamps", most=2)
    level: int = state.setting(5, title="Level", low=0, high=10)


@state.section("test-lamps.yaml")
@dataclasses.dataclass(frozen=True, kw_only=True)
class Siren:
    siren: str = state.setting("quiet", title="Siren")


FILE = "test-lamps.yaml"


def test_a_missing_file_reads_as_its_defaults() -> None:
    assert state.read(Lamps) == Lamps()


def test_what_was_saved_is_read_back_by_another_store(config_dir: Path) -> None:
    state.update(Lamps, lambda now: dataclasses.replace(now, level=7))
    assert state.Store(config_dir).read(Lamps) == Lamps(level=7)


def test_a_first_start_writes_every_section_of_a_document(config_dir: Path) -> None:
    state.Store(config_dir).create_missing()
    assert (config_dir / FILE).read_text().splitlines()[1:] == [
        "lamps:",
        "- name: lamp",
        "  lit: false",
        "level: 5",
        "siren: quiet",
    ]


def test_an_edit_by_hand_counts_from_the_next_read(config_dir: Path) -> None:
    assert state.read(Lamps).level == 5
    (config_dir / FILE).write_text("level: 3\n")
    assert state.read(Lamps).level == 3


def test_where_looks_are_shared_no_change_is_built_on_an_old_one(
    config_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.update(Siren, lambda now: dataclasses.replace(now, siren="loud"))
    monkeypatch.setattr(glance, "_moment_ns", 10**12)
    assert [state.read(Lamps).level for _ in range(2)] == [5, 5]
    state.Store(config_dir).update(Lamps, lambda now: dataclasses.replace(now, level=7))
    assert state.read(Lamps).level == 5  # the other process was not heard of yet
    state.update(Siren, lambda now: dataclasses.replace(now, siren="quiet"))
    assert (state.read(Lamps).level, state.read(Siren).siren) == (7, "quiet")


def test_a_refused_change_leaves_file_and_state_as_they_were(config_dir: Path) -> None:
    state.update(Lamps, lambda now: dataclasses.replace(now, level=7))
    before = (config_dir / FILE).read_bytes()
    with pytest.raises(DeviceError) as refused:
        state.update(Lamps, lambda now: dataclasses.replace(now, level=11))
    assert refused.value.text == (
        "test-lamps.yaml: level: expected a whole number from 0 to 10, found 11."
    )
    assert (config_dir / FILE).read_bytes() == before
    assert state.read(Lamps).level == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "lamps:\n- name: toolonglamp\n",
            "test-lamps.yaml: lamps[0].name: expected text from 1 to 8 characters, "
            "found 'toolonglamp'.",
        ),
        (
            "level: yes\n",
            "test-lamps.yaml: level: expected a whole number from 0 to 10, found True.",
        ),
        ("lamps: 3\n", "test-lamps.yaml: lamps: expected a list, found 3."),
        (
            "lamps: [{}, {}, {}]\n",
            "test-lamps.yaml: lamps: expected at most 2 items, found '3 items'.",
        ),
        ("[1, 2]\n", "test-lamps.yaml: expected a mapping of settings at the top."),
        (
            "a: [\n",
            "test-lamps.yaml: not valid YAML in line 2 (expected the node content, "
            "but found '<stream end>').",
        ),
    ],
)
def test_a_broken_file_is_named_and_the_last_good_copy_serves(
    config_dir: Path, text: str, message: str
) -> None:
    state.update(Lamps, lambda now: dataclasses.replace(now, level=7))
    (config_dir / FILE).write_text(text)
    assert state.read(Lamps).level == 7
    assert f"{message} The last good copy is used until it is corrected." in state.problems()


def test_saving_over_a_broken_file_sets_its_text_aside(config_dir: Path) -> None:
    (config_dir / FILE).write_text("level: [")
    state.update(Lamps, lambda now: dataclasses.replace(now, level=2))
    assert (config_dir / (FILE + ".broken")).read_text() == "level: ["
    assert state.read(Lamps).level == 2
    assert state.problems() == ()


def test_unknown_keys_are_kept_and_named(config_dir: Path) -> None:
    (config_dir / FILE).write_text("level: 4\nbell: loud\n")
    assert state.read(Lamps).level == 4
    assert "test-lamps.yaml: bell: unknown setting, kept as it is." in state.problems()
    state.update(Lamps, lambda now: dataclasses.replace(now, level=1))
    assert "bell: loud" in (config_dir / FILE).read_text()


def test_a_folder_that_can_be_written_has_no_obstacle(config_dir: Path) -> None:
    assert state.obstacle() == ""
    assert [path.name for path in config_dir.iterdir()] == [".lock"]


def test_a_read_only_folder_is_told(config_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> tuple[int, str]:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert state.obstacle() == f"{config_dir} cannot be written (Read-only file system)."


def test_a_folder_that_is_gone_is_told(config_dir: Path) -> None:
    config_dir.rmdir()
    assert state.obstacle() == f"{config_dir} cannot be written (No such file or directory)."


def test_a_document_never_becomes_larger_than_can_be_loaded(
    config_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.update(Lamps, lambda now: dataclasses.replace(now, level=7))
    before = (config_dir / FILE).read_bytes()
    monkeypatch.setattr(store, "SIZE_LIMIT", len(before) + 10)
    with pytest.raises(DeviceError, match="would be larger than"):
        state.update(Siren, lambda now: dataclasses.replace(now, siren="a" * 20))
    assert (config_dir / FILE).read_bytes() == before
    assert (state.read(Lamps).level, state.read(Siren).siren) == (7, "quiet")


def test_a_number_beyond_every_bound_is_refused_in_words() -> None:
    facts = state.Setting(title="Delay", low=0, high=10)
    with pytest.raises(DeviceError, match="delay_s: expected a number from 0 to 10"):
        validate.convert(float, 10**400, facts, "user.yaml: delay_s")
