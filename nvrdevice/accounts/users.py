"""Making, changing and removing users: the functions every face calls.

Operations on several users are done whole or not at all (Core 8.4, CreateUsers … SetUser).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nvrdevice.accounts import hashes, policy, saving, sealing, users_file
from nvrdevice.accounts.levels import Level, level_of
from nvrdevice.accounts.models import User
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.errors import DeviceError, Kind

USERS_MAX = users_file.USERS_MAX
WEAK_NEW = "OperationProhibited/Password"
WEAK_CHANGED = "OperationProhibited/PasswordTooWeak"


@dataclass(frozen=True)
class NewUser:
    username: str
    password: str
    roles: tuple[str, ...]
    onvif_access: bool = True
    must_change_password: bool = False


@dataclass(frozen=True)
class Change:
    """What becomes of a user; None leaves a thing as it is."""

    username: str
    password: str | None = None
    roles: tuple[str, ...] | None = None
    onvif_access: bool | None = None
    active: bool | None = None
    must_change_password: bool | None = None


@dataclass(frozen=True)
class Person:
    """A user as lists show it."""

    username: str
    roles: tuple[str, ...]
    level: Level
    active: bool
    onvif_access: bool
    waiting_for_password: bool  # on ONVIF, until the next sign-in seals the password
    must_change_password: bool
    failed_logins: int
    slowed_until: datetime | None
    last_login: datetime | None
    last_web: datetime | None
    last_onvif: datetime | None
    last_rtsp: datetime | None
    last_rest: datetime | None

    @property
    def is_slowed(self) -> bool:
        return self.slowed_until is not None and self.slowed_until > SYSTEM_CLOCK.now()


def list_users() -> list[Person]:
    people = {user.username: user for user in User.objects.all()}
    return [
        _person(entry, people[entry.username])
        for entry in users_file.entries()
        if entry.username in people
    ]


def _person(entry: users_file.Entry, user: User) -> Person:
    return Person(
        username=entry.username,
        roles=entry.roles,
        level=level_of(entry.roles),
        active=entry.active,
        onvif_access=entry.onvif_access,
        waiting_for_password=entry.onvif_access
        and sealing.unseal(user.sealed_secret, user.password) is None,
        must_change_password=entry.must_change_password,
        failed_logins=user.failed_logins,
        slowed_until=user.slowed_until,
        last_login=user.last_login,
        last_web=user.last_web,
        last_onvif=user.last_onvif,
        last_rtsp=user.last_rtsp,
        last_rest=user.last_rest,
    )


def create(new: NewUser, *, by: Actor) -> str:
    """The name under which the user was made."""
    return create_many([new], by=by)[0]


def create_many(wanted: Sequence[NewUser], *, by: Actor) -> list[str]:
    _check_room(len(wanted))
    checked: list[NewUser] = []
    for new in wanted:
        name = policy.username(new.username)
        policy.password(new.password, weak=WEAK_NEW)
        policy.refuse_first_password(name, new.password, weak=WEAK_NEW)
        checked.append(
            NewUser(
                name,
                new.password,
                policy.roles(new.roles),
                new.onvif_access,
                new.must_change_password,
            )
        )
    _check_clash(new.username for new in checked)
    add(checked, by=by)
    return [new.username for new in checked]


def add(wanted: Sequence[NewUser], *, by: Actor, bootstrap: bool = False) -> None:
    """Store users whose names, passwords and roles were checked."""
    # bcrypt is slow on purpose: it must not run while the database is locked.
    hashed = [(new, hashes.make(new.password)) for new in wanted]

    def work() -> None:
        _check_room(len(wanted))
        _check_clash(new.username for new in wanted)
        for new, encoded in hashed:
            user = User.objects.create(
                username=new.username,
                password=encoded,
                onvif_access=new.onvif_access,
                sealed_secret=sealing.seal(new.password, encoded) if new.onvif_access else None,
                must_change_password=new.must_change_password,
                bootstrap_password=bootstrap,
            )
            saving.set_roles(user, new.roles)

    saving.save(by, "create users", [new.username for new in wanted], work)


def update(change: Change, *, by: Actor) -> None:
    update_many([change], by=by)


def update_many(changes: Sequence[Change], *, by: Actor) -> None:
    _check_room(len(changes), have=0)
    hashed: list[tuple[Change, str]] = []
    for change in changes:
        user = _user(change.username)
        if change.roles is not None:
            policy.roles(change.roles)
        encoded = ""
        if change.password is not None:
            policy.password(change.password, weak=WEAK_CHANGED)
            policy.refuse_first_password(user.username, change.password, weak=WEAK_CHANGED)
            if user.must_change_password and hashes.verify(change.password, user.password):
                raise DeviceError(
                    Kind.INVALID,
                    "This is the password that must be changed: choose another.",
                    subcode=WEAK_CHANGED,
                    field="password",
                )
            encoded = hashes.make(change.password)
        hashed.append((change, encoded))

    def work() -> None:
        for change, encoded in hashed:
            _apply(_user(change.username), change, encoded)

    saving.save(
        by,
        "change users",
        dict.fromkeys(change.username for change in changes),
        work,
        new_passwords={change.username for change in changes if change.password is not None},
    )


def _apply(user: User, change: Change, encoded: str) -> None:
    if change.onvif_access is not None:
        user.onvif_access = change.onvif_access
    if change.active is not None:
        user.is_active = change.active
    if change.password is not None:
        user.password = encoded
        user.sealed_secret = sealing.seal(change.password, encoded)
        user.must_change_password = user.bootstrap_password = False
        user.failed_logins, user.slowed_until = 0, None
    if change.must_change_password is not None:
        user.must_change_password = change.must_change_password
    if not user.onvif_access:
        user.sealed_secret = None
    user.save()
    if change.roles is not None:
        saving.set_roles(user, policy.roles(change.roles))


def delete(username: str, *, by: Actor) -> None:
    delete_many([username], by=by)


def delete_many(usernames: Iterable[str], *, by: Actor) -> None:
    names = list(usernames)
    _check_room(len(names), have=0)

    def work() -> None:
        for name in names:
            _user(name).delete()

    saving.save(by, "delete users", names, work)


def _user(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise DeviceError(
            Kind.MISSING,
            f"There is no user {username[: policy.USERNAME_MAX]!r}.",
            subcode="InvalidArgVal/UsernameMissing",
            field="username",
        )
    return found


def _check_room(more: int, *, have: int | None = None) -> None:
    if more + (User.objects.count() if have is None else have) > USERS_MAX:
        raise DeviceError(
            Kind.LIMIT,
            f"At most {USERS_MAX} users are possible: delete one first.",
            subcode="Action/TooManyUsers",
        )


def _check_clash(usernames: Iterable[str]) -> None:
    # Names that differ in capitals only would be taken for one another by people.
    taken = {name.casefold() for name in User.objects.values_list("username", flat=True)}
    for name in usernames:
        if name.casefold() in taken:
            raise DeviceError(
                Kind.CONFLICT,
                f"There is a user {name!r} already.",
                subcode="OperationProhibited/UsernameClash",
                field="username",
            )
        taken.add(name.casefold())
