"""One line per operation: id, client, user, operation, result, milliseconds. Never a secret."""

import functools
import itertools
import logging

log = logging.getLogger("onvif_api")

_ids = itertools.count(1)
_LONGEST = 120


def log_line(client: str, username: str, operation: str, result: str, took_s: float) -> None:
    # Cut first: what a stranger calls an operation may be a million characters, and is cached.
    log.info(
        "id=%x client=%s user=%s op=%s result=%s ms=%.1f",
        next(_ids),
        _one_word(client),
        _one_word(username),
        _one_word(operation[:_LONGEST]),
        result,
        took_s * 1000,
    )


@functools.lru_cache(maxsize=1024)
def _one_word(text: str) -> str:
    """What a client chose cannot begin a line of its own in the log."""
    if not text.isascii() or not text.isprintable():
        text = text.encode("unicode_escape").decode()
    return text[:_LONGEST].replace(" ", "_") or "-"
