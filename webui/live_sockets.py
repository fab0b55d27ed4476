"""Wakes the open sockets of this process when something changed that they show or depend on.

One thread waits on the doorbell while at least one socket is open; none else. A sign-out of
this or another web process comes through the channel layer instead, since no row tells it.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from nvrdevice.lib import home

GROUP = "pages"
LIMIT = 128  # open sockets of one process
LOOK_S = 5.0  # how long the thread may outlive the last socket

_lock = threading.Lock()
_open: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
_watching = False


@contextlib.contextmanager
def opened() -> Iterator[asyncio.Event]:
    """An event that is set at every change, for as long as the socket is open."""
    global _watching
    wake = asyncio.Event()
    with _lock:
        _open[wake] = asyncio.get_running_loop()
        if not _watching:
            _watching = True
            threading.Thread(target=_watch, name="live sockets", daemon=True).start()
    try:
        yield wake
    finally:
        with _lock:
            del _open[wake]


def is_full() -> bool:
    return len(_open) >= LIMIT


def look_again() -> None:
    """Every open page looks anew at who it belongs to. Called from a synchronous view."""
    with _lock:
        _wake_all()  # pictures that go out over HTTP are in no group
    layer = get_channel_layer()
    if layer is not None:
        async_to_sync(layer.group_send)(GROUP, {"type": "look.again"})


def _watch() -> None:
    global _watching
    bell = home.bell("web-pages")
    try:
        while True:
            rung = bell.wait(LOOK_S)
            with _lock:
                if not _open:
                    _watching = False
                    return
                if rung:
                    _wake_all()
    finally:
        bell.close()


def _wake_all() -> None:
    for wake, loop in _open.items():
        with contextlib.suppress(RuntimeError):  # that loop was closed under its socket
            loop.call_soon_threadsafe(wake.set)
