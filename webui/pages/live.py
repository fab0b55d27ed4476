"""The live picture of one camera, as large as the window lets it be."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nvrdevice.accounts.levels import Level
from webui import overview_parts, ptz_pad
from webui.access import level_of, needs

QUALITIES = {"auto": "Auto", "main": "Main", "sub": "Sub"}


@dataclass(frozen=True)
class Quality:
    value: str
    words: str
    current: bool


@require_safe
@needs(Level.USER)
def page(request: HttpRequest, source: str = "") -> HttpResponse:
    cameras = overview_parts.cameras()
    if source and source not in {camera.token for camera in cameras}:
        raise Http404(f"There is no camera {source[:64]!r}.")
    camera = overview_parts.chosen(cameras, source)
    quality = request.GET.get("quality", "auto")
    if quality not in QUALITIES:
        quality = "auto"
    may_move = level_of(request.user) >= Level.OPERATOR
    stream = camera.sub if quality == "sub" and camera.sub else camera.main
    return render(
        request,
        "pages/live.html",
        {
            "cameras": cameras,
            "camera": camera,
            "quality": quality,
            "pad": ptz_pad.of(camera.token) if may_move and camera.token else None,
            "back": "live",
            "qualities": _qualities(camera, quality),
            "still": reverse("snapshot", args=[stream.profile]) if stream else camera.picture,
        },
    )


def _qualities(camera: overview_parts.Camera, chosen: str) -> list[Quality]:
    """None to choose from where there is one stream only."""
    if not (camera.main and camera.sub):
        return []
    return [Quality(value, words, value == chosen) for value, words in QUALITIES.items()]
