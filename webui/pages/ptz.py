"""/ptz/: what moves each camera, how far, its home and its presets; and what the pad's forms do."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from nvrdevice.accounts.levels import Level
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.errors import DeviceError
from nvrdevice.ptz import control, settings
from nvrdevice.ptz.backends.backend import CONTINUOUS, RELATIVE
from nvrdevice.ptz.settings import Head
from nvrdevice.ptz.spaces import Vector
from webui import overview_parts, ptz_pad, settings_cards
from webui.access import actor, level_of, needs
from webui.quiet import quiet
from webui.settings_cards import Card
from webui.settings_form import form_for, values

PAN_STEP, ZOOM_STEP = 0.1, 0.125
STEP_S = 0.4  # of a head that knows no position
ADMINISTRATORS = "Administrators choose what moves a camera."
WORDS = {"backend": ptz_pad.BACKENDS}
HELPS = {"backend": "Automatic: a part of the picture where this device encodes it, else nothing."}
DriveForm = form_for(
    Head, "backend", "most_zoom", "port", "baud", "address", words=WORDS, helps=HELPS
)
LimitsForm = form_for(
    Head, "pan_left", "pan_right", "tilt_down", "tilt_up", "zoom_least", "zoom_most"
)
Act = Callable[[str, HttpRequest, Actor], str]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.OPERATOR)
def page(request: HttpRequest, source: str = "") -> HttpResponse:
    cameras = overview_parts.cameras()
    if source and source not in {camera.token for camera in cameras}:
        raise Http404(f"There is no camera {source[:64]!r}.")
    camera = overview_parts.chosen(cameras, source)
    head = settings.head(camera.token)
    cards = (
        Card(
            what="drive",
            title="What moves it",
            words="A camera's own stream is passed through whole.",
            form=DriveForm,
            initial=values(head, DriveForm),
            save=lambda typed, by: control.change(camera.token, by=by, **typed),
            done="Saved. It starts anew, at its home.",
            # It names a device file of this machine.
            why_not="" if level_of(request.user) >= Level.ADMINISTRATOR else ADMINISTRATORS,
            off="Not for your role",
        ),
        Card(
            what="limits",
            title="Limits",
            words="Pan and tilt go from -1 to 1, right and up positive; zoom from 0 to 1.",
            form=LimitsForm,
            initial=values(head, LimitsForm),
            save=lambda typed, by: control.change(camera.token, by=by, **typed),
            done="Saved. It moves no further than this.",
        ),
    )
    context = {
        "cameras": cameras,
        "camera": camera,
        "pad": ptz_pad.of(camera.token),
        "back": "ptz",
    }
    return settings_cards.answer(request, "pages/ptz.html", cards, context)


@require_POST
@needs(Level.OPERATOR)
def act(request: HttpRequest, source: str) -> HttpResponse:
    """What a form of the pad or of a preset asks for; the way back is to where it stands."""
    what = request.POST.get("what", "")
    if source not in {camera.token for camera in overview_parts.cameras()}:
        raise Http404(f"There is no camera {source[:64]!r}.")
    try:
        told = (_step if what in ptz_pad.STEPS else ACTS.get(what, _nothing))(
            source, request, actor(request)
        )
    except DeviceError as error:
        if _asked_by_script(request):
            return quiet(JsonResponse({"error": error.text}, status=409))
        messages.error(request, error.text)
    else:
        if _asked_by_script(request):
            return JsonResponse({})
        if told:
            messages.success(request, told)
    back = "ptz-source" if request.POST.get("back") == "ptz" else "live-source"
    return HttpResponseRedirect(reverse(back, args=[source]) + "#ptz")


def _asked_by_script(request: HttpRequest) -> bool:
    """Then the live picture goes on, instead of a new page."""
    return "X-Requested-With" in request.headers


def _step(source: str, request: HttpRequest, by: Actor) -> str:
    """A little that way: what a button does without scripts."""
    button = ptz_pad.STEPS[request.POST["what"]]
    way = Vector(button.pan * PAN_STEP, button.tilt * PAN_STEP, button.zoom * ZOOM_STEP)
    if RELATIVE in control.now(source).can:
        control.move(source, way, mode=RELATIVE, by=by)
    else:
        speed = Vector(button.pan * 0.5, button.tilt * 0.5, button.zoom * 0.5)
        control.move(source, speed, mode=CONTINUOUS, timeout_s=STEP_S, by=by)
    return ""


def _stop(source: str, request: HttpRequest, by: Actor) -> str:
    control.stop(source, by=by)
    return ""


def _home(source: str, request: HttpRequest, by: Actor) -> str:
    control.go_home(source, by=by)
    return ""


def _set_home(source: str, request: HttpRequest, by: Actor) -> str:
    control.set_home(source, by=by)
    return "Home is here from now on."


def _go(source: str, request: HttpRequest, by: Actor) -> str:
    control.go_to_preset(source, request.POST.get("preset", ""), by=by)
    return ""


def _save(source: str, request: HttpRequest, by: Actor) -> str:
    made = control.create_preset(source, request.POST.get("name", ""), by=by)
    return f"{made.name} is saved."


def _here(source: str, request: HttpRequest, by: Actor) -> str:
    made = control.move_preset(source, request.POST.get("preset", ""), by=by)
    return f"{made.name} is here from now on."


def _rename(source: str, request: HttpRequest, by: Actor) -> str:
    token, name = request.POST.get("preset", ""), request.POST.get("name", "")
    return f"It is called {control.rename_preset(source, token, name, by=by).name} now."


def _delete(source: str, request: HttpRequest, by: Actor) -> str:
    control.delete_preset(source, request.POST.get("preset", ""), by=by)
    return "The preset is deleted."


def _nothing(source: str, request: HttpRequest, by: Actor) -> str:
    return ""


ACTS: dict[str, Act] = {
    "stop": _stop,
    "home": _home,
    "set_home": _set_home,
    "go": _go,
    "save": _save,
    "here": _here,
    "rename": _rename,
    "delete": _delete,
}
