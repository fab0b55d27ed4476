"""The setup, stream: what a client of the RTSP server really gets, played and measured."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import trials
from webui import overview_parts, wizard
from webui.access import actor, needs
from webui.overview_parts import CODECS, TIMES


@dataclass(frozen=True)
class Figures:
    codec: str
    size: str
    fps: str
    kbps: str


@wizard.step("stream")
def page(request: HttpRequest) -> HttpResponse:
    what = request.POST.get("what", "") if request.method == "POST" else ""
    if what == "save":
        return wizard.onward("stream")
    camera = overview_parts.chosen(overview_parts.cameras(), request.GET.get("source", ""))
    context = {"camera": camera, "measured": what == "play"}
    if what == "play":
        context |= _measured(request, camera)
    return wizard.show(request, "stream", context)


@require_safe
@needs(Level.ADMINISTRATOR)
def figures(request: HttpRequest) -> HttpResponse:
    """The figures alone, for the page's script: the stream is played meanwhile."""
    camera = overview_parts.chosen(overview_parts.cameras(), request.GET.get("source", ""))
    return render(request, "partials/stream_figures.html", _measured(request, camera))


def _running(profile: str) -> trials.Trial | None:
    try:
        return trials.running_stream(profile)
    except DeviceError:
        return None


def _measured(request: HttpRequest, camera: overview_parts.Camera) -> dict[str, object]:
    if camera.main is None:
        return {"refused": "No profile shows this camera."}
    try:
        found, note = trials.play_own_stream(camera.main.profile, actor(request)), ""
    except DeviceError as error:
        if error.kind is not Kind.FORBIDDEN:
            return {"refused": error.text}
        running, note = _running(camera.main.profile), error.text
        if running is None:
            return {"refused": error.text}
        found = running
    return {
        "note": note,
        "figures": Figures(
            codec=CODECS.get(found.codec, found.codec),
            size=f"{found.width} {TIMES} {found.height}",
            fps=f"{found.fps:.3g} a second",
            kbps=f"{found.kbps} kbit/s",
        ),
    }
