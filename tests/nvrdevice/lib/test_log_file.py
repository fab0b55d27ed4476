"""The log file: nobody waits for the disk, and nothing that matters is lost."""

import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nvrdevice.lib.log_file import GATHERED_LIMIT, Line, LogFile


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[LogFile]:
    made = LogFile(tmp_path / "web.log", max_bytes=100_000, backup_count=2)
    made.setFormatter(logging.Formatter("%(message)s"))
    yield made
    made.close()


def record(text: str, level: int = logging.INFO) -> logging.LogRecord:
    return logging.LogRecord("test", level, __file__, 1, text, None, None)


def written(handler: LogFile) -> str:
    path = Path(handler.baseFilename)
    return path.read_text() if path.exists() else ""


def test_a_plain_line_is_written_soon(handler: LogFile) -> None:
    handler.handle(record("a call"))
    deadline = time.monotonic() + 10
    while not written(handler) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert written(handler) == "a call\n"


def test_a_warning_is_written_at_once_with_what_came_before_it(handler: LogFile) -> None:
    handler.handle(record("before"))
    handler.handle(record("trouble", logging.WARNING))
    assert written(handler) == "before\ntrouble\n"


def test_closing_writes_what_was_gathered(handler: LogFile) -> None:
    handler.handle(record("the last words"))
    handler.close()
    assert written(handler) == "the last words\n"


def test_what_is_gathered_is_bounded(handler: LogFile) -> None:
    for number in range(GATHERED_LIMIT):
        handler.handle(record(f"{number}"))
    assert written(handler).splitlines()[-1] == f"{GATHERED_LIMIT - 1}"


def test_a_full_file_is_set_aside(handler: LogFile, tmp_path: Path) -> None:
    for text in ("first", "second"):
        handler.handle(record(text + "." * 90_000, logging.WARNING))
    assert (tmp_path / "web.log").read_text().startswith("second")
    assert (tmp_path / "web.log.1").read_text().startswith("first")


def test_a_folder_that_cannot_be_written_stops_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = LogFile(tmp_path / "missing" / "web.log", max_bytes=1000, backup_count=1)
    for _ in range(3):
        handler.handle(record("trouble", logging.WARNING))
    handler.close()
    said = capsys.readouterr().err.splitlines()
    assert said == [f"{tmp_path}/missing/web.log: No such file or directory"]


def test_a_line_begins_with_its_time_to_the_millisecond() -> None:
    formatter = Line()
    first, second = record("one"), record("two")
    first.created, first.msecs = 86_400.25, 250.0
    second.created, second.msecs = 86_401.007, 7.0
    lines = [formatter.format(first), formatter.format(second)]
    assert [line[20:] for line in lines] == ["250 INFO test one", "007 INFO test two"]
    assert all(re.match(r"1970-01-0\d \d\d:\d\d:0[01],", line) for line in lines)
