"""How often each user failed and until when the next try waits, written to the user for the pages.

Written from a thread of its own, at most once a second and only the newest state of each user:
an attacker must not make the database busy, nor a SOAP request wait for the disk.
"""

import logging
import threading
import time
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from nvrdevice.accounts.models import User

log = logging.getLogger(__name__)

PAUSE_S = 1.0

_lock = threading.Lock()
_pending: dict[str, tuple[int, datetime | None]] = {}  # bounded by the number of users
_writer: threading.Thread | None = None


def failed(username: str, failures: int, wait_s: float, now: datetime) -> None:
    _note(username, failures, now + timedelta(seconds=wait_s) if wait_s else None)


def forgiven(username: str) -> None:
    _note(username, 0, None)


def _note(username: str, failures: int, until: datetime | None) -> None:
    global _writer
    with _lock:
        _pending[username] = (failures, until)
        if _writer is None and not _is_in_memory():
            _writer = threading.Thread(target=_write_later, name="login-standing", daemon=True)
            _writer.start()


def flush() -> None:
    """Write what is pending now."""
    with _lock:
        pending = dict(_pending)
        _pending.clear()
    for username, (failures, until) in pending.items():
        User.objects.filter(username=username).update(failed_logins=failures, slowed_until=until)


def _write_later() -> None:
    global _writer
    time.sleep(PAUSE_S)
    try:
        flush()
    except DatabaseError as error:  # told again with the next failure
        log.warning("failed logins cannot be noted: %s", error)
    finally:
        connection.close()
        with _lock:
            _writer = None


def _is_in_memory() -> bool:
    # A test's database lives in its own transaction: there flush() is called by hand.
    return str(connection.settings_dict["NAME"]).startswith("file:")
