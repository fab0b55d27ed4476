"""Accounts under test: folders, slow-down and nonce memory of their own, and three people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.accounts import gate, passwords, username_token, users
from nvrdevice.accounts.nonces import NonceMemory
from nvrdevice.accounts.slow_down import SlowDown
from nvrdevice.audit.trail import Actor

BY = Actor("admin", "192.168.1.2", "rest")


@pytest.fixture(autouse=True)
def fresh(settings: Any, config_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of another test counts here."""
    settings.NVR_CONFIG_DIR = config_dir
    monkeypatch.setattr(gate, "slow_down", SlowDown())
    memory = NonceMemory(config_dir / "nonces.txt", now=0)
    monkeypatch.setattr(username_token, "_memory", lambda: memory)
    passwords._remembered.clear()


@pytest.fixture
def by() -> Actor:
    return BY


@pytest.fixture
def people(db: None) -> None:
    make_people()


def make_people() -> None:
    users.create_many(
        [
            users.NewUser("admin", "admin-secret", ("admin",)),
            users.NewUser("otto", "otto-secret", ("operator",)),
            users.NewUser("vera", "vera-secret", ("viewer",)),
        ],
        by=BY,
    )


@pytest.fixture
def names(db: None) -> Callable[[], list[str]]:
    return lambda: [person.username for person in users.list_users()]
