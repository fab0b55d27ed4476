"""The one road on which users change: lock, transaction, promise of users.yaml, audit row, file.

Invariant: an active administrator remains after every change, however many users it touches.
"""

from collections.abc import Callable, Container, Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import OperationalError, transaction

from nvrdevice.accounts import book, users_file
from nvrdevice.accounts.levels import ADMIN, ROLES, Level, level_of
from nvrdevice.accounts.models import User
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.events import pull_points
from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError, Kind

REMAINS = "The last active administrator remains: make another user administrator first."


def save(
    by: Actor,
    action: str,
    names: Iterable[str],
    work: Callable[[], None],
    *,
    new_passwords: Container[str] = (),
) -> None:
    """Do work in one transaction and leave one audit row about the users called names.

    DeviceError from work, or because no administrator would remain, undoes all of it.
    """
    names = list(names)
    try:
        with users_file.lock():
            # durable: inside another transaction the file would be written before the commit.
            with transaction.atomic(durable=True):
                before = facts(names)
                ids = dict(User.objects.filter(username__in=names).values_list("username", "pk"))
                had_administrator = is_administered()
                work()
                if had_administrator and not is_administered():
                    raise DeviceError(
                        Kind.CONFLICT, REMAINS, subcode="InvalidArgVal/FixedUser", field="roles"
                    )
                data = users_file.promise()
                after = facts(names)
                # Their RTSP sessions and WebSockets end by the ring below.
                for name, user_id in ids.items():
                    if _onvif_level(after.get(name)) < _onvif_level(before[name]):
                        pull_points.drop_of_user(user_id)
                for name, told in after.items():
                    if name in new_passwords:
                        told["password"] = "changed"  # noqa: S105 - says that, not what
                trail.record(by, action, ", ".join(names), before=before, after=after)
            users_file.write(data)
    except OperationalError as error:
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The users cannot be saved just now ({error}): try again; on a fresh device "
            "start it once with ./nvr run.",
        ) from error
    book.look_again()
    home.ring("accounts")


def facts(names: Iterable[str]) -> dict[str, Any]:
    """What the audit trail tells about users; never a secret."""
    return {
        entry.username: {
            "roles": list(entry.roles),
            "onvif_access": entry.onvif_access,
            "active": entry.active,
            "must_change_password": entry.must_change_password,
        }
        for entry in users_file.entries(names)
    }


def _onvif_level(told: dict[str, Any] | None) -> Level:
    """What somebody of whom facts() tells this may do over ONVIF."""
    if told is None or not told["active"] or not told["onvif_access"]:
        return Level.ANONYMOUS
    return level_of(told["roles"])


def is_administered() -> bool:
    """Whether there is an active administrator."""
    return User.objects.filter(is_active=True, groups__name=ADMIN).exists()


def set_roles(user: User, roles: tuple[str, ...]) -> None:
    """Django's own flags follow the role: administrators may use Django admin whole."""
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    user.is_staff = user.is_superuser = ADMIN in roles
    user.save(update_fields=["is_staff", "is_superuser"])


def make_groups() -> None:
    for role in ROLES:
        Group.objects.get_or_create(name=role)
