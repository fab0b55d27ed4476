"""Lifting the slow-down of a user by hand: whoever mistyped need not wait."""

from nvrdevice.accounts import gate, hearsay
from nvrdevice.accounts.models import User
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import iso_utc
from nvrdevice.lib.errors import DeviceError, Kind


def pardon(username: str, *, by: Actor) -> None:
    """Let username be tried again at once, from every address and on every face."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise DeviceError(Kind.MISSING, f"There is no user {username[:64]!r}.", field="username")
    gate.slow_down.lift(username)
    hearsay.lifted(username)
    before = {
        "failed_logins": user.failed_logins,
        "slowed_until": iso_utc(user.slowed_until) if user.slowed_until else None,
    }
    User.objects.filter(pk=user.pk).update(failed_logins=0, slowed_until=None)
    after = {"failed_logins": 0, "slowed_until": None}
    trail.record(by, "lift slow-down", username, before=before, after=after)
