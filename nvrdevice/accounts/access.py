"""Which access class each ONVIF operation has, and which level may what: Core's default policy.

The table beside this module names every operation of every service. An operation that is not in
it, or has no class there, is denied to everybody.
"""

import csv
import enum
import functools
from pathlib import Path

from nvrdevice.accounts.levels import Level

TABLE = Path(__file__).with_name("access_classes.csv")


class AccessClass(enum.Enum):
    PRE_AUTH = "PRE_AUTH"
    READ_SYSTEM = "READ_SYSTEM"
    READ_SYSTEM_SENSITIVE = "READ_SYSTEM_SENSITIVE"
    READ_SYSTEM_SECRET = "READ_SYSTEM_SECRET"  # noqa: S105 - the name of a class, no secret
    WRITE_SYSTEM = "WRITE_SYSTEM"
    # Appears once, in the Security specification, outside Core's matrix: administrators only.
    WRITE_SYSTEM_SECRET = "WRITE_SYSTEM_SECRET"  # noqa: S105
    UNRECOVERABLE = "UNRECOVERABLE"
    READ_MEDIA = "READ_MEDIA"
    ACTUATE = "ACTUATE"


# Core 5.9.4.4, Default Access Policy Definition: the lowest level with an X.
LOWEST_LEVEL = {
    AccessClass.PRE_AUTH: Level.ANONYMOUS,
    AccessClass.READ_SYSTEM: Level.USER,
    AccessClass.READ_SYSTEM_SENSITIVE: Level.OPERATOR,
    AccessClass.READ_SYSTEM_SECRET: Level.ADMINISTRATOR,
    AccessClass.WRITE_SYSTEM: Level.ADMINISTRATOR,
    AccessClass.WRITE_SYSTEM_SECRET: Level.ADMINISTRATOR,
    AccessClass.UNRECOVERABLE: Level.ADMINISTRATOR,
    AccessClass.READ_MEDIA: Level.USER,
    AccessClass.ACTUATE: Level.OPERATOR,
}


def access_class(operation: str) -> AccessClass | None:
    """The class of "tds:GetUsers", None for an operation nobody may call."""
    return table().get(operation)


def may(level: Level, access_class: AccessClass | None) -> bool:
    return access_class is not None and level >= LOWEST_LEVEL[access_class]


def may_call(level: Level, operation: str) -> bool:
    """Whether level may call "tds:GetUsers"; asked with every request."""
    lowest = _lowest_levels().get(operation)
    return lowest is not None and level >= lowest


@functools.cache
def _lowest_levels() -> dict[str, Level]:
    return {name: LOWEST_LEVEL[found] for name, found in table().items() if found is not None}


@functools.cache
def table() -> dict[str, AccessClass | None]:
    with TABLE.open(newline="", encoding="utf-8") as stream:
        return {
            row["operation"]: AccessClass(row["access_class"]) if row["access_class"] else None
            for row in csv.DictReader(stream)
        }
