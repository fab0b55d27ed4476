"""What the base template needs on every page: theme, role, and the way to what exists.

A new page is one line in ENTRIES. Its group leads to the first page a visitor may see; where
there are more, they stand as tabs over each page of the group.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from nvrdevice.accounts.levels import Level
from nvrdevice.recordings.index import storage
from nvrdevice.system import machine_root
from webui.access import ROLES, level_of
from webui.setup_gate import password_must_change

IN_THE_BAR = 4  # on a phone, before "More"
ALONE = "/setup/."  # the steps of the setup lead on by themselves
TABS_IN_A_ROW = 4  # more become a list to open there


@dataclass(frozen=True)
class Group:
    words: str
    icon: str


OVERVIEW = Group("Overview", "overview")
LIVE = Group("Live", "live")
PLAYBACK = Group("Playback", "playback")
EVENTS = Group("Events", "events")
CAMERA = Group("Camera", "camera")
AUTOMATION = Group("Automation", "automation")
NVR = Group("NVR", "nvr")
SYSTEM = Group("System", "system")
ACCOUNT = Group("Account", "account")


@dataclass(frozen=True)
class Entry:
    """url: the name of a pattern in webui/urls.py; one that does not resolve is a bug."""

    group: Group
    url: str
    words: str
    needs: Level = Level.USER


ENTRIES = (
    Entry(OVERVIEW, "overview", "Overview"),
    Entry(LIVE, "live", "Live"),
    Entry(PLAYBACK, "playback", "Playback"),
    Entry(EVENTS, "events", "Events"),
    Entry(CAMERA, "sources", "Cameras", needs=Level.ADMINISTRATOR),
    Entry(AUTOMATION, "motion", "Motion", needs=Level.OPERATOR),
    Entry(AUTOMATION, "schedules", "Schedules", needs=Level.OPERATOR),
    Entry(AUTOMATION, "recording", "Recording", needs=Level.OPERATOR),
    Entry(AUTOMATION, "io", "Inputs and outputs", needs=Level.OPERATOR),
    Entry(AUTOMATION, "ptz", "Pan, tilt and zoom", needs=Level.OPERATOR),
    Entry(AUTOMATION, "rules", "Rules", needs=Level.OPERATOR),
    Entry(NVR, "connect", "Add to your NVR", needs=Level.OPERATOR),
    Entry(NVR, "diagnostics", "Diagnostics", needs=Level.OPERATOR),
    Entry(NVR, "api-docs", "REST", needs=Level.OPERATOR),
    Entry(SYSTEM, "system-device", "Device", needs=Level.ADMINISTRATOR),
    Entry(SYSTEM, "system-time", "Time", needs=Level.ADMINISTRATOR),
    Entry(SYSTEM, "system-network", "Network", needs=Level.ADMINISTRATOR),
    Entry(SYSTEM, "system-security", "Security", needs=Level.ADMINISTRATOR),
    Entry(SYSTEM, "system-certificates", "Certificates", needs=Level.ADMINISTRATOR),
    Entry(SYSTEM, "users", "Users", needs=Level.ADMINISTRATOR),
    Entry(SYSTEM, "audit", "Audit trail", needs=Level.ADMINISTRATOR),
    Entry(SYSTEM, "admin:index", "Administration", needs=Level.ADMINISTRATOR),
    Entry(SYSTEM, "setup", "Setup", needs=Level.ADMINISTRATOR),
    Entry(ACCOUNT, "account", "Account"),
)


@dataclass(frozen=True)
class Link:
    url: str
    words: str
    current: str = ""  # for aria-current: "page" itself, or "true" for the group it is in
    icon: str = ""


def context(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)  # absent where the request broke off early
    if user is None or not user.is_authenticated or password_must_change(user):
        return {"theme": getattr(user, "theme", "auto"), "nav": ()}
    if re.match(ALONE, request.path):
        return {"theme": user.theme, "simulated": machine_root.is_simulated(), "nav": ()}
    level = level_of(user)
    seen = [entry for entry in ENTRIES if entry.needs <= level]
    here = current(request.path, seen)
    nav = _groups(seen, here, request.path)
    # One more needs no sheet to open: it has the place of "More".
    in_the_bar = IN_THE_BAR if len(nav) > IN_THE_BAR + 1 else len(nav)
    tabs = _tabs(seen, here, request.path)
    return {
        "theme": user.theme,
        "simulated": machine_root.is_simulated(),
        "role": ROLES[level][0] if level in ROLES else "No role",
        "role_meaning": ROLES[level][1] if level in ROLES else "an administrator gives you one",
        "nav": nav[:in_the_bar],
        "nav_more": nav[in_the_bar:],
        "nav_more_current": any(link.current for link in nav[in_the_bar:]),
        "group": here.group.words if here else "",
        "here": here.words if here else "",
        "tabs": tabs,
        "tabs_fold": len(tabs) > TABS_IN_A_ROW,
        "disk_trouble": _disk_trouble(),
        "may_record": level >= Level.OPERATOR and not request.path.startswith(reverse("recording")),
    }


def _disk_trouble() -> str:
    """What stands over every page while recordings cannot be written as they should."""
    now = storage()
    if now.state == "ok":
        return ""
    words = "Recordings lose pictures" if now.state == "slow" else "Nothing can be recorded"
    return f"{words}: {now.reason or now.state}"


def current(path: str, seen: list[Entry]) -> Entry | None:
    """The entry a path belongs to: the one whose address is the longest beginning of it."""
    fitting = [entry for entry in seen if _is_below(path, reverse(entry.url))]
    return max(fitting, key=lambda entry: len(reverse(entry.url)), default=None)


def _groups(seen: list[Entry], here: Entry | None, path: str) -> list[Link]:
    first: dict[Group, Entry] = {}
    for entry in seen:
        first.setdefault(entry.group, entry)
    return [
        Link(
            url=reverse(entry.url),
            words=group.words,
            current=_current(path, entry) if here is not None and here.group is group else "",
            icon=group.icon,
        )
        for group, entry in first.items()
    ]


def _tabs(seen: list[Entry], here: Entry | None, path: str) -> list[Link]:
    """None over a page that is alone in its group."""
    links = [
        Link(reverse(entry.url), entry.words, _current(path, entry) if entry is here else "")
        for entry in seen
        if here is not None and entry.group is here.group
    ]
    return links if len(links) > 1 else []


def _current(path: str, entry: Entry) -> str:
    return "page" if path == reverse(entry.url) else "true"


def _is_below(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
