"""When each user last came in by each face: told to the database at most once a minute.

Noted with every request, so noting is one look into a dictionary; the writing is done by a
thread of its own, for all users at once.
"""

import logging
import threading
import time
from datetime import datetime

from django.db import DatabaseError, connection

from nvrdevice.accounts.models import User
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock

log = logging.getLogger(__name__)

EACH_S = 60.0
KEPT = 4096  # pairs of user and face; only who proved a password is noted
FIELDS = {"web": "last_web", "soap": "last_onvif", "rtsp": "last_rtsp", "rest": "last_rest"}

_lock = threading.Lock()
_noted: dict[tuple[str, str], float] = {}
_pending: dict[tuple[str, str], datetime] = {}
_writer: threading.Thread | None = None


def note(username: str, protocol: str, clock: Clock = SYSTEM_CLOCK) -> None:
    """username came in by protocol, as an Actor names it."""
    global _writer
    key = username, FIELDS.get(protocol, "")
    now_s = clock.monotonic_s()
    last_s = _noted.get(key)
    if not key[1] or (last_s is not None and now_s - last_s < EACH_S):
        return
    with _lock:
        if len(_noted) >= KEPT:
            _noted.clear()
        _noted[key] = now_s
        _pending[key] = clock.now()
        if _writer is None and not _is_in_memory():
            _writer = threading.Thread(target=_write_later, name="last-use", daemon=True)
            _writer.start()


def flush() -> None:
    """Write what is pending now."""
    with _lock:
        pending = dict(_pending)
        _pending.clear()
    by_user: dict[str, dict[str, datetime]] = {}
    for (username, field), at in pending.items():
        by_user.setdefault(username, {})[field] = at
    for username, fields in by_user.items():
        User.objects.filter(username=username).update(**fields)


def forget() -> None:
    """Begin anew, for tests."""
    with _lock:
        _noted.clear()
        _pending.clear()


def _write_later() -> None:
    global _writer
    time.sleep(1.0)
    try:
        flush()
    except DatabaseError as error:  # said again a minute later
        log.warning("the last use of accounts cannot be noted: %s", error)
    finally:
        connection.close()
        with _lock:
            _writer = None


def _is_in_memory() -> bool:
    # A test's database lives in its own transaction: there flush() is called by hand.
    return str(connection.settings_dict["NAME"]).startswith("file:")
