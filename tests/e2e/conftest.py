"""One running device for the tests that only look at it; those that harm one start their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running_device import RunningDevice


@pytest.fixture(scope="session")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder: Path = tmp_path_factory.mktemp("device")
    with RunningDevice(folder, "test:") as running:
        yield running.wait_until_it_shows()
