"""Operations that exist only while a test of the toolkit runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from onvif_api.soap import dispatch
from onvif_api.soap.call import Call


@contextmanager
def registered(
    name: str, function: Callable[[Call], Any], *, waits: bool = False
) -> Iterator[None]:
    """The table as it is, and this operation in the place of any of that name."""
    kept = dict(dispatch._operations)
    dispatch._operations.pop(dispatch.name(name), None)
    dispatch.operation(name, waits=waits)(function)
    try:
        yield
    finally:
        dispatch._operations.clear()
        dispatch._operations.update(kept)
