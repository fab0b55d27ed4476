"""Which user names and passwords are accepted; the same on every face.

Subcodes are those of Core 8.4 (CreateUsers, SetUser). A password is any printable text: pages
advise more than the least length, nothing demands digits or capitals.
"""

import unicodedata

from nvrdevice import state
from nvrdevice.accounts.levels import ROLES, Level, level_named
from nvrdevice.accounts.settings import AccountSettings
from nvrdevice.lib.errors import DeviceError, Kind

USERNAME_MAX = 64
PASSWORD_MAX = 64
# What every device of this kind starts with, and so what everybody knows.
FIRST_USERNAME = "admin"
FIRST_PASSWORD = "admin123"  # noqa: S105
# ":" ends the name in digests, the others break quoted header values and addresses (/users/NAME).
USERNAME_FORBIDDEN = ':"\\/'


def username(text: str) -> str:
    """The name as it is kept, or DeviceError."""
    text = unicodedata.normalize("NFC", text)
    if not text:
        raise _refused("username", "Give a user name.", "OperationProhibited/UsernameTooShort")
    if len(text) > USERNAME_MAX:
        raise _refused(
            "username",
            f"The user name has {len(text)} characters: at most {USERNAME_MAX} are possible.",
            "OperationProhibited/UsernameTooLong",
        )
    if text.casefold() == "anonymous":
        raise _refused(
            "username",
            "The user name anonymous stands for clients without a password: choose another.",
            "OperationProhibited/AnonymousNotAllowed",
        )
    if (
        not text.isprintable()
        or text != text.strip()
        or text in (".", "..")
        or any(letter in USERNAME_FORBIDDEN for letter in text)
    ):
        raise _refused(
            "username",
            'A user name has no spaces at its ends, no control characters and none of : / \\ ".',
            "InvalidArgVal",
        )
    return text


def password(text: str, *, weak: str) -> str:
    """The password as it was given, or DeviceError; weak is the subcode for a too weak one.

    CreateUsers and SetUser name the same refusal differently (Core 8.4.4 and 8.4.6).
    """
    least = state.read(AccountSettings).password_min_length
    if len(text) > PASSWORD_MAX:
        raise _refused(
            "password",
            f"The password has more than {PASSWORD_MAX} characters: choose a shorter one.",
            "OperationProhibited/PasswordTooLong",
        )
    if len(text) < least:
        raise _refused("password", f"Choose a password of at least {least} characters.", weak)
    if not text.isprintable() or not text.strip():
        raise _refused("password", "The password has characters that nobody can type.", weak)
    return text


def refuse_first_password(name: str, text: str, *, weak: str) -> None:
    """Nobody goes back to the name and password that everybody knows."""
    if (name.casefold(), text) == (FIRST_USERNAME, FIRST_PASSWORD):
        raise _refused(
            "password", "Every device of this kind starts with this password: choose another.", weak
        )


def roles_of(user_level: str) -> tuple[str, ...]:
    """The roles for a tt:UserLevel, or DeviceError."""
    level = level_named(user_level)
    if level is Level.ANONYMOUS:
        raise _refused(
            "roles",
            "A user cannot have the level Anonymous: give User, Operator or Administrator.",
            "OperationProhibited/AnonymousNotAllowed",
        )
    if level is None:
        raise _refused("roles", "Give the level User, Operator or Administrator.", "InvalidArgVal")
    return (level.role,)


def roles(names: tuple[str, ...]) -> tuple[str, ...]:
    """The roles in their fixed order, each once, or DeviceError."""
    if not names or any(name not in ROLES for name in names):
        raise _refused(
            "roles", f"Give one or more of the roles {', '.join(ROLES)}.", "InvalidArgVal"
        )
    return tuple(role for role in ROLES if role in names)


def _refused(field: str, text: str, subcode: str) -> DeviceError:
    return DeviceError(Kind.INVALID, text, subcode=subcode, field=field)
