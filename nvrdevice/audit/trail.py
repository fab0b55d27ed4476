"""Writing the audit trail. A state-changing function leaves exactly one row."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import DatabaseError, transaction

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind

Section = TypeVar("Section")


@dataclass(frozen=True)
class Actor:
    """Who asks, as every core function that changes something is told.

    protocol: "soap", "rest", "web", "cli", "rtsp" or "device" (the device itself).
    """

    username: str
    address: str
    protocol: str


# Some hundred bytes a row: a device that is changed all day keeps years within 100 MB.
ROWS_KEPT = 200_000
PRUNE_EVERY = 1_000
DEVICE = Actor(username="", address="", protocol="device")


def record(
    by: Actor,
    action: str,
    object: str = "",
    *,
    before: Any = None,
    after: Any = None,
    result: str = "done",
    clock: Clock = SYSTEM_CLOCK,
) -> None:
    """Append one row; before and after are JSON values and never hold a secret."""
    from nvrdevice.audit.models import AuditRow

    row = AuditRow.objects.create(
        at=clock.now(),
        username=by.username[:150],
        address=by.address[:45],
        protocol=by.protocol,
        action=action,
        object=object[:200],
        before=before,
        after=after,
        result=result[:200],
    )
    if row.pk % PRUNE_EVERY == 0:
        prune()


@dataclass(frozen=True, kw_only=True)
class Note:
    """What a row says of a change."""

    object: str = ""
    before: Any = None
    after: Any = None


def differences(object: str) -> Callable[[Any, Any], Note | None]:
    """For noting: the fields of a section that a change made others; no row where none is."""

    def tell(before: Any, after: Any) -> Note | None:
        old, new = dataclasses.asdict(before), dataclasses.asdict(after)
        names = [name for name in new if new[name] != old[name]]
        if not names:
            return None
        return Note(
            object=object,
            before={name: old[name] for name in names},
            after={name: new[name] for name in names},
        )

    return tell


@contextmanager
def noting(
    by: Actor, action: str, tell: Callable[[Section, Section], Note | None]
) -> Iterator[Callable[[Section, Section], None]]:
    """For state.update: the row and the change of a document come about together or not at all.

    tell makes the note from the section before and after; None leaves no row. The writer's lock
    of the database is taken first, as by everybody who holds it and then reads a document.
    """

    def note(before: Section, after: Section) -> None:
        told = tell(before, after)
        if told is not None:
            record(by, action, told.object, before=told.before, after=told.after)

    try:
        with transaction.atomic():
            yield note
    except DatabaseError as error:
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The audit trail cannot be written ({error}): nothing was changed. "
            "Free space on the device's disk or allow writing there, then try again.",
        ) from error


def prune(kept: int = ROWS_KEPT) -> int:
    """Drop the oldest rows beyond kept; how many were dropped."""
    from nvrdevice.audit.models import AuditRow

    newest = AuditRow.objects.values_list("pk", flat=True).first()
    return AuditRow.objects.filter(pk__lte=newest - kept).drop() if newest is not None else 0
