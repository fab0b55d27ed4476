"""Every test runs against folders of its own; nothing of the checkout is touched."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nvrdevice.lib.question_frames import Reply


@pytest.fixture(autouse=True)
def fast_bcrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """bcrypt is slow on purpose; tests make hundreds of users."""
    from django.contrib.auth.hashers import BCryptSHA256PasswordHasher

    monkeypatch.setattr(BCryptSHA256PasswordHasher, "rounds", 4)


@pytest.fixture(autouse=True)
def forgetful_machine() -> Iterator[None]:
    """What a test told the simulated machine does not outlive it."""
    yield
    from nvrdevice.system import machine_root

    shutil.rmtree(machine_root.simulated(), ignore_errors=True)


@pytest.fixture(autouse=True)
def media_process_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test of pages or REST waits for a media process that it does not have."""
    from nvrdevice.media import presence

    fine = presence.Presence(lambda: Reply({"silent_s": 0.1}))
    monkeypatch.setattr(presence, "_presence", fine)


@pytest.fixture(autouse=True)
def config_dir(tmp_path: Path) -> Iterator[Path]:
    """A fresh configuration folder and state store for each test."""
    from nvrdevice import state

    folder = tmp_path / "config"
    folder.mkdir()
    state.use(state.Store(folder))
    yield folder
