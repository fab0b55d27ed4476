"""The ledger of this device, kept by the web process; the other processes report to it.

A report is what was noted within a second, said by one thread over the party line: noting never
waits. The ledger is kept in a file now and then and at the end, so that last night's failed
login is there in the morning; a file each second would wear out the card of a small board.
"""

import json
import logging
import threading
from collections import deque
from pathlib import Path
from typing import Any

from django.conf import settings

from nvrdevice.clients.ledger import Ledger, Stream
from nvrdevice.lib import atomic_file, home
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.party_line import PartyLine

log = logging.getLogger(__name__)

ABOUT = "clients"
FILE = "clients.json"
FILE_LIMIT = 2_000_000
SAVE_EACH_S = 300.0
GATHER_S = 1.0
REMIND_S = 5.0  # streams are told again: a web process that came back wants to know
SILENT_S = 15.0  # after which a process that does not tell its streams has none
NOTES_LIMIT = 500
STREAMS_LIMIT = 512
KINDS = ("call", "refusal", "search", "step", "clock")


class Book:
    """The ledger and what others report to it."""

    def __init__(self, path: Path | None, clock: Clock = SYSTEM_CLOCK) -> None:
        """path: None keeps nothing over a restart."""
        self.ledger = Ledger()
        self._path, self._clock = path, clock
        self._saved = 0
        self._heard_s = 0.0
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._restore()

    def call(self, *noted: Any) -> None:
        self.ledger.call(*noted)

    def refusal(self, *noted: Any) -> None:
        self.ledger.refusal(*noted)

    def search(self, *noted: Any) -> None:
        self.ledger.search(*noted)

    def step(self, *noted: Any) -> None:
        self.ledger.step(*noted)

    def clock(self, *noted: Any) -> None:
        self.ledger.clock(*noted)

    def hear(self, report: dict[str, Any]) -> None:
        """What another process noted."""
        for kind, noted in report["notes"]:
            if kind in KINDS:
                getattr(self.ledger, kind)(*noted)
        if report["streams"] is not None:
            self.ledger.streams_are(Stream(*each) for each in report["streams"])
            self._heard_s = self._clock.monotonic_s()

    def streams(self) -> list[Stream]:
        silent_s = self._clock.monotonic_s() - self._heard_s
        return self.ledger.streams() if silent_s < SILENT_S else []

    def save(self) -> None:
        """Write the file if there is news since the last time."""
        with self._lock:
            changes = self.ledger.changes
            if self._path is None or changes == self._saved:
                return
            try:
                data = json.dumps(self.ledger.plain(), separators=(",", ":")).encode()
                atomic_file.write_bytes(self._path, data, mode=0o600)
                self._saved = changes
            except OSError as error:
                log.warning("%s cannot be written (%s)", self._path, error.strerror)

    def start(self, line: PartyLine) -> None:
        line.on(ABOUT, self.hear)
        threading.Thread(target=self._save_often, name="clients", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()
        self.save()

    def _save_often(self) -> None:
        while not self._stopping.wait(SAVE_EACH_S):
            self.save()

    def _restore(self) -> None:
        if self._path is None or not self._path.exists():
            return
        try:
            with self._path.open("rb") as stream:
                self.ledger.restore(json.loads(stream.read(FILE_LIMIT)))
        except (OSError, ValueError, TypeError, KeyError):
            log.warning("%s is not whole: the list of clients begins anew", self._path)


class Reporter:
    """Stands for the book in a process that does not keep it."""

    def __init__(self, line: PartyLine) -> None:
        self._line = line
        self._lock = threading.Lock()
        self._notes: deque[tuple[str, tuple[Any, ...]]] = deque(maxlen=NOTES_LIMIT)
        self._streams: dict[str, Stream] | None = None  # None: this process has nothing to do
        self._news = threading.Event()
        self._stopping = threading.Event()

    def call(self, *noted: Any) -> None:
        self._note("call", noted)

    def refusal(self, *noted: Any) -> None:
        self._note("refusal", noted)

    def search(self, *noted: Any) -> None:
        self._note("search", noted)

    def step(self, *noted: Any) -> None:
        self._note("step", noted)

    def clock(self, *noted: Any) -> None:
        self._note("clock", noted)

    def _note(self, kind: str, noted: tuple[Any, ...]) -> None:
        with self._lock:
            self._notes.append((kind, noted))
        self._news.set()

    def serves_streams(self) -> None:
        with self._lock:
            self._streams = {}

    def stream(self, stream: Stream) -> None:
        with self._lock:
            if self._streams is not None and len(self._streams) < STREAMS_LIMIT:
                self._streams[stream.key] = stream
        self._news.set()

    def stream_ended(self, key: str) -> None:
        with self._lock:
            gone = self._streams.pop(key, None) if self._streams is not None else None
        if gone is not None:
            self._news.set()

    def start(self) -> None:
        threading.Thread(target=self._tell, name="clients", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()
        self._news.set()

    def report(self) -> dict[str, Any] | None:
        """What is to be told now; None where there is nothing."""
        with self._lock:
            notes = list(self._notes)
            self._notes.clear()
            streams = self._streams
            told = None if streams is None else [list(vars(s).values()) for s in streams.values()]
        return None if not notes and told is None else {"notes": notes, "streams": told}

    def _tell(self) -> None:
        while not self._stopping.is_set():
            self._news.wait(REMIND_S)
            self._news.clear()
            found = self.report()
            if found is not None:
                self._line.say(ABOUT, found)
            self._stopping.wait(GATHER_S)


def path() -> Path:
    return Path(settings.NVR_DATA_DIR) / FILE


def line() -> PartyLine:
    return home.line()
