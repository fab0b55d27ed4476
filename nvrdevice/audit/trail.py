"""Writing the audit trail. A state-changing function leaves exactly one row."""

from dataclasses import dataclass
from typing import Any

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock


@dataclass(frozen=True)
class Actor:
    """Who asks, as every core function that changes something is told.

    protocol: "soap", "rest", "web", "cli", "rtsp" or "device" (the device itself).
    """

    username: str
    address: str
    protocol: str


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

    AuditRow.objects.create(
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
