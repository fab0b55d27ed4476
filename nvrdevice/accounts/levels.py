"""Roles of this device and the ONVIF user levels they stand for; of several the highest counts.

Roles are Django groups with fixed names, so that admin pages, REST and ONVIF speak of the same.
"""

import enum
from collections.abc import Iterable


class Level(enum.IntEnum):
    ANONYMOUS = 0
    USER = 1
    OPERATOR = 2
    ADMINISTRATOR = 3

    @property
    def role(self) -> str:
        """The role of this level; ANONYMOUS has none."""
        return ROLES[self - 1] if self else ""

    @property
    def onvif_name(self) -> str:
        """The tt:UserLevel of this level."""
        return self.name.capitalize()


ROLES = ("viewer", "operator", "admin")
ADMIN = ROLES[-1]


def level_of(roles: Iterable[str]) -> Level:
    """The highest level among roles; names that are no role count nothing."""
    return max((Level(ROLES.index(role) + 1) for role in roles if role in ROLES), default=Level(0))


def level_named(onvif_name: str) -> Level | None:
    """The level a tt:UserLevel names, None for Extended and what is no level at all."""
    return next((level for level in Level if level.onvif_name == onvif_name), None)
