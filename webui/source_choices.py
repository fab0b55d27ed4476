"""The cameras somebody can choose from: those of this machine, and whether they are in use."""

from dataclasses import dataclass
from typing import Any

from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import settings, trials


@dataclass(frozen=True)
class Choice:
    uri: str
    name: str
    trouble: str
    used_as: str


def context() -> dict[str, Any]:
    """found, or why nobody can look for them just now."""
    used = {one.uri: one.name or one.token for one in settings.read().sources}
    try:
        cameras = trials.found_cameras()
    except DeviceError as error:
        return {"found": (), "why_none": error.text}
    found = [Choice(one.uri, one.name, one.trouble, used.get(one.uri, "")) for one in cameras]
    return {"found": found, "why_none": ""}
