"""The log file of a process: whoever logs never waits for the disk.

Lines are gathered and written by one thread a few times a second, a warning and what came
before it at once. A kill -9 can take the last quarter of a second of plain lines with it, never
a warning. What is gathered is bounded: past it the one who logs writes.
"""

import contextlib
import logging
import sys
import threading
import time
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

GATHER_S = 0.25
GATHERED_LIMIT = 5000  # lines

# Of no use in our lines, and each costs every record a look-up ("Optimization" in the library's
# own how-to).
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
logging._srcfile = None


class LogFile(RotatingFileHandler):
    """Opens its file with the first line; rotation is the library's."""

    def __init__(self, filename: Path, max_bytes: int, backup_count: int) -> None:
        super().__init__(
            filename, maxBytes=max_bytes, backupCount=backup_count, encoding="utf-8", delay=True
        )
        self._lines: deque[str] = deque()
        self._writing = threading.Lock()
        self._gathered = threading.Event()
        self._writer: threading.Thread | None = None
        self._is_failing = False

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.append(self.format(record) + "\n")
        except Exception:
            self.handleError(record)
            return
        if record.levelno >= logging.WARNING or len(self._lines) >= GATHERED_LIMIT:
            self.flush()
        elif not self._gathered.is_set():
            self._gathered.set()
            self._start_writer()

    def flush(self) -> None:
        """Write what was gathered."""
        with self._writing:  # never taken with the handler's own lock inside it
            text = "".join([self._lines.popleft() for _ in range(len(self._lines))])
            if not text:
                return
            try:
                self._write(text)
                self._is_failing = False
            except OSError as error:
                if not self._is_failing:
                    print(f"{self.baseFilename}: {error.strerror}", file=sys.stderr)  # noqa: T201
                self._is_failing = True

    def close(self) -> None:
        self.flush()
        super().close()

    def _write(self, text: str) -> None:
        self.stream = self.stream or self._open()
        if self.stream.tell() + len(text) > self.maxBytes:
            self.doRollover()
            self.stream = self._open()
        self.stream.write(text)
        self.stream.flush()

    def _start_writer(self) -> None:
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_on, name="log", daemon=True)
            with contextlib.suppress(RuntimeError):  # the program ends: close() will write
                self._writer.start()

    def _write_on(self) -> None:
        while True:
            self._gathered.wait()
            time.sleep(GATHER_S)
            self._gathered.clear()
            self.flush()


class Line(logging.Formatter):
    """The usual line; the written second is made once a second and not once a line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._written = (0, "")

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info or record.exc_text or record.stack_info:
            return super().format(record)
        head = f"{self.formatTime(record)} {record.levelname} {record.name}"
        return f"{head} {record.getMessage()}"

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        second, text = self._written
        if second != int(record.created):
            second = int(record.created)
            text = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
            self._written = (second, text)
        return f"{text},{int(record.msecs):03d}"
