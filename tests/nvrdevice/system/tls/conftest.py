"""A secret folder of the test's own, and a clock that is moved by hand."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nvrdevice.lib.clock import ManualClock


@pytest.fixture(autouse=True)
def secret_dir(tmp_path: Path, settings: Any) -> Path:
    settings.NVR_SECRET_DIR = tmp_path / "secret"
    return tmp_path / "secret"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2031, 5, 21, 12, 0, tzinfo=UTC))
