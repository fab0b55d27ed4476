"""Each test has a data folder of its own for recordings and exports."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: object) -> Path:
    settings.NVR_DATA_DIR = tmp_path / "var"  # type: ignore[attr-defined]
    return tmp_path / "var"
