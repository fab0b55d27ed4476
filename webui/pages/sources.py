"""The cameras of this device: which they are, and how each does."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nvrdevice.accounts.levels import Level
from nvrdevice.media import settings
from nvrdevice.media.source_uri import shown
from webui import overview_parts
from webui.access import needs
from webui.source_choices import small_picture


@dataclass(frozen=True)
class Row:
    camera: overview_parts.Camera
    address: str
    second_address: str
    picture: str


@require_safe
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    found = {source.token: source for source in settings.read().sources}
    rows = [
        Row(
            camera,
            address=shown(found[camera.token].uri),
            second_address=shown(found[camera.token].sub_uri),
            picture=small_picture(camera),
        )
        for camera in overview_parts.cameras()
        if camera.token in found
    ]
    return render(
        request,
        "pages/sources.html",
        {"rows": rows, "most": settings.MAX_SOURCES, "full": len(rows) >= settings.MAX_SOURCES},
    )
