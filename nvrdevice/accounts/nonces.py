"""Digests of WS-UsernameTokens that were accepted, so that none is accepted twice.

Remembered in memory, bounded, and in an append-only file that is read at start, so that a replay
after a restart is refused too. Where memory must forget one before its time, older messages of
the same user are refused from then on: forgetting never opens a door.
"""

import contextlib
import errno
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

KEPT = 65_536
PREVIOUS = ".previous"
KEY_BYTES = 20  # a SHA-1


class NonceMemory:
    """Safe in any thread; one process writes the file. Times are seconds since 1970."""

    def __init__(self, file: Path, *, now: float, kept: int = KEPT) -> None:
        self._file = file
        self._kept = kept
        self._lock = threading.Lock()
        self._seen: set[bytes] = set()
        self._by_user: dict[int, deque[tuple[float, float, bytes]]] = {}
        self._floors: dict[int, float] = {}
        self._next_expiry = float("-inf")
        self._handle: int | None = None
        self._lines = 0  # in the file that is being written
        self._is_failing = False
        self._soon: Callable[[Callable[[], None]], object] | None = None
        self._thread = 0
        self._waiting: list[str] = []
        for path in (file.with_name(file.name + PREVIOUS), file):
            self._lines = self._read(path, now)

    def remember(
        self, key: bytes, *, user_id: int, created: float, expires: float, now: float
    ) -> bool:
        """Whether the token is new; it is not from now on."""
        with self._lock:
            if key in self._seen or created <= self._floors.get(user_id, float("-inf")):
                return False
            if now > self._next_expiry:
                self._forget_expired(now)
            self._add(key, user_id, created, expires)
            self._waiting.append(f"{expires:.0f} {user_id} {created:.3f} {key.hex()}\n")
            if self._soon is None or threading.get_ident() != self._thread:
                self._write()
            elif len(self._waiting) == 1:
                self._soon(self.write)
            return True

    def gather(self, soon: Callable[[Callable[[], None]], object]) -> None:
        """Let the requests that this thread reads together share one write.

        soon(function): of an event loop that sends no answer before the functions it was given
        earlier have run, so that what is accepted is still in the file before anybody hears of it.
        """
        self._soon, self._thread = soon, threading.get_ident()

    def write(self) -> None:
        """Put into the file what was accepted."""
        with self._lock:
            self._write()

    def __len__(self) -> int:
        return len(self._seen)

    def _add(self, key: bytes, user_id: int, created: float, expires: float) -> None:
        self._seen.add(key)
        self._by_user.setdefault(user_id, deque()).append((expires, created, key))
        if len(self._seen) > self._kept:
            # The busiest user's oldest: nobody can push out what others sent.
            busiest = max(self._by_user, key=lambda user: len(self._by_user[user]))
            _, forgotten, oldest = self._by_user[busiest].popleft()
            self._seen.discard(oldest)
            self._floors[busiest] = max(forgotten, self._floors.get(busiest, forgotten))

    def _forget_expired(self, now: float) -> None:
        for user_id, entries in list(self._by_user.items()):
            while entries and entries[0][0] < now:
                self._seen.discard(entries.popleft()[2])
            if not entries:
                del self._by_user[user_id]
        firsts = (entries[0][0] for entries in self._by_user.values())
        self._next_expiry = min(firsts, default=now)

    def _read(self, path: Path, now: float) -> int:
        try:
            stream = path.open(encoding="ascii", errors="replace")
        except OSError:
            return 0
        count = 0
        with stream:
            for line in stream:
                count += 1
                # A power cut may leave half a line, and what comes after it begins a new one.
                with contextlib.suppress(ValueError):
                    expires, user_id, created, key = line.split()
                    digest = bytes.fromhex(key)
                    if float(expires) >= now and len(digest) == KEY_BYTES:
                        self._add(digest, int(user_id), float(created), float(expires))
        return count

    def _write(self) -> None:
        lines, self._waiting = self._waiting, []
        if not lines:
            return
        try:
            if self._handle is None or self._lines >= self._kept:
                self._open()
            assert self._handle is not None
            data = "".join(lines).encode()
            if os.write(self._handle, data) < len(data):  # the disk is full
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._lines += len(lines)
        except OSError as error:
            self._close()
            if not self._is_failing:
                log.error("%s cannot be written (%s).", self._file, error.strerror)
            self._is_failing = True
        else:
            self._is_failing = False

    def _open(self) -> None:
        # Two files of `kept` lines each hold everything memory holds, and never grow past that.
        if self._lines >= self._kept:
            self._close()
            with contextlib.suppress(FileNotFoundError):
                self._file.replace(self._file.with_name(self._file.name + PREVIOUS))
            self._lines = 0
        if self._handle is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._handle = os.open(self._file, flags, 0o600)
            if os.fstat(self._handle).st_size:
                # A power cut or a full disk may have left half a line: nothing is added to that.
                os.write(self._handle, b"\n")

    def _close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def close(self) -> None:
        with self._lock:
            self._write()
            self._close()
