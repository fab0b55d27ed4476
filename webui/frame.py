"""What the base template needs on every page: theme, role, and the way to what exists."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from nvrdevice.accounts.levels import Level
from webui.access import ROLES, level_of
from webui.setup_gate import password_must_change


@dataclass(frozen=True)
class Entry:
    url: str
    words: str
    icon: str
    needs: Level = Level.USER
    current: bool = False


ENTRIES = (
    Entry("/", "Overview", "overview"),
    Entry("/live/", "Live", "live"),
    Entry("/diagnostics/", "Diagnostics", "diagnostics", Level.OPERATOR),
    Entry("/admin/nvrdevice/user/", "Users", "users", Level.ADMINISTRATOR),
    Entry("/account/", "Account", "account"),
)


def context(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)  # absent where the request broke off early
    if user is None or not user.is_authenticated or password_must_change(user):
        return {"theme": getattr(user, "theme", "auto"), "nav": ()}
    level = level_of(user)
    return {
        "theme": user.theme,
        "role": ROLES[level][0] if level in ROLES else "No role",
        "role_meaning": ROLES[level][1] if level in ROLES else "an administrator gives you one",
        "nav": [
            replace(entry, current=_is_below(request.path, entry.url))
            for entry in ENTRIES
            if entry.needs <= level
        ],
    }


def _is_below(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
