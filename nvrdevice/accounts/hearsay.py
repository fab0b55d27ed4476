"""One slow-down for all processes: each tells the others what it counted.

A wrong password over RTSP is met in the media process, one over SOAP in the web process; who
tries both doors must not get twice the tries. What is told is counted as if it were seen here.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from nvrdevice.accounts.slow_down import SlowDown
from nvrdevice.lib import home

log = logging.getLogger(__name__)

ABOUT = "tries"
FAILED, TAKEN_BACK, RIGHT, LIFTED = "failed", "taken back", "right", "lifted"
# A right login comes with every SOAP request; the others know after the first.
RIGHT_EACH_S = 3600.0
RIGHT_KEPT = 1024

_told: OrderedDict[tuple[str, str], float] = OrderedDict()
_lock = threading.Lock()


def failed(username: str, client: str) -> None:
    _say(FAILED, username, client)
    with _lock:  # the next right one takes back what the others hold against this user
        _told.pop((username, client), None)


def taken_back(username: str, client: str) -> None:
    _say(TAKEN_BACK, username, client)


def lifted(username: str) -> None:
    _say(LIFTED, username, "")


def right(username: str, client: str, now_s: float) -> None:
    key = username, client
    told_s = _told.get(key)
    if told_s is not None and now_s - told_s < RIGHT_EACH_S:
        return
    with _lock:
        _told[key] = now_s
        _told.move_to_end(key)
        while len(_told) > RIGHT_KEPT:
            _told.popitem(last=False)
    _say(RIGHT, username, client)


def _say(what: str, username: str, client: str) -> None:
    try:
        home.line().say(ABOUT, [what, username, client])
    except Exception:  # a sign-in must not fail because another process cannot be told
        log.exception("the other processes cannot be told of a sign-in")


def listen(slow_down: Callable[[], SlowDown], now_s: Callable[[], float]) -> None:
    """Count here what other processes tell."""

    def hear(told: Any) -> None:
        what, username, client = told
        if what == FAILED:
            slow_down().failed(username, client, now_s())
            with _lock:
                _told.pop((username, client), None)
        elif what == TAKEN_BACK:
            slow_down().refund(username, client)
        elif what == LIFTED:
            slow_down().lift(username)
        elif what == RIGHT:
            slow_down().succeeded(username, client, now_s())

    home.line().on(ABOUT, hear)
