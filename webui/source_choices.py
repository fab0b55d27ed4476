"""The cameras somebody can choose from: those of this machine, and whether they are in use."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import settings, trials
from nvrdevice.media.settings import Source
from webui import overview_parts


@dataclass(frozen=True)
class Choice:
    """picture: an address; of a camera in use that of its stream, for it can be opened once."""

    uri: str
    name: str
    trouble: str
    used_as: str
    picture: str


def context() -> dict[str, Any]:
    """found, or why nobody can look for them just now."""
    try:
        cameras = trials.found_cameras()
    except DeviceError as error:
        return {"found": (), "why_none": error.text}
    used = {one.uri: one for one in settings.read().sources}
    return {"found": [_choice(one, used.get(one.uri)) for one in cameras], "why_none": ""}


def _choice(camera: trials.FoundCamera, source: Source | None) -> Choice:
    if camera.trouble:
        picture = ""
    elif source is not None:
        shown = overview_parts.chosen(overview_parts.cameras(), source.token)
        picture = small_picture(shown)
    else:
        picture = f"{reverse('source-found')}?{urlencode({'uri': camera.uri})}"
    return Choice(
        uri=camera.uri,
        name=camera.name,
        trouble=camera.trouble,
        used_as=(source.name or source.token) if source is not None else "",
        picture=picture,
    )


def small_picture(camera: overview_parts.Camera) -> str:
    """The address of the small one, where there is one to see."""
    if camera.kind != "ok":
        return ""
    return reverse("snapshot", args=[camera.sub.profile]) if camera.sub else camera.picture
