"""/recording/: what of each camera is recorded and when, how much is kept, and how that goes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts.levels import Level
from nvrdevice.audit.trail import Actor
from nvrdevice.digital_io import channels
from nvrdevice.digital_io.settings import INPUT
from nvrdevice.lib.errors import DeviceError
from nvrdevice.recordings import index, protecting, settings, space, triggers
from nvrdevice.recordings.deciding import BY_HAND
from nvrdevice.recordings.settings import CameraRecording, Storage
from nvrdevice.schedules import book
from nvrdevice.system import time_zone
from webui import overview_parts, recording_parts, settings_cards
from webui.access import actor, needs
from webui.settings_cards import Card
from webui.settings_form import SettingsForm, form_for, values

STREAMS = {"main": "Main", "sub": "Small"}
StorageForm = form_for(Storage, "max_gb", "min_free_gb", "max_days", "segment_s")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.OPERATOR)
def page(request: HttpRequest, source: str = "") -> HttpResponse:
    cameras = overview_parts.cameras()
    if source and source not in {camera.token for camera in cameras}:
        raise Http404(f"There is no camera {source[:64]!r}.")
    camera = overview_parts.chosen(cameras, source)
    if request.method == "POST" and "do" in request.POST:
        return _do(request, camera.token)
    setting = settings.camera(camera.token)
    form = _camera_form(camera.token)
    cards = (
        Card(
            what="camera",
            title=f"Recording of {camera.name}",
            form=form,
            initial=values(setting, form),
            save=lambda typed, by: settings.change_camera(camera.token, by=by, **typed),
            done=f"Saved. {camera.name} is recorded this way from now on.",
        ),
        Card(
            what="storage",
            title="What is kept",
            form=StorageForm,
            initial=values(settings.read().storage, StorageForm),
            save=lambda typed, by: settings.change_storage(by=by, **typed),
            done="Saved.",
        ),
    )
    context = {
        "cameras": cameras,
        "camera": camera,
        "job": recording_parts.job(camera.token),
        "by_hand": any(
            one.token == BY_HAND and one.source == camera.token for one in triggers.active()
        ),
        "space": recording_parts.space_words(),
        "storage": index.storage(),
        "clips": _clips(camera.token),
    }
    return settings_cards.answer(request, "pages/recording.html", cards, context)


def _camera_form(source: str) -> type[SettingsForm]:
    names = [one.name for one in book.everything()]
    own = settings.camera(source).schedule
    gone = [own] if own and own not in names else []
    choices = [("", "None"), *((name, name) for name in names)]
    choices += [(name, f"{name} (is not there: always)") for name in gone]
    return form_for(
        CameraRecording,
        "mode",
        "profile",
        "schedule",
        "inputs",
        "pre_s",
        "post_s",
        words={"mode": settings.MODE_WORDS, "profile": STREAMS},
        helps={
            "profile": "The small one takes little space; the main one is as the camera gives it.",
            "pre_s": "How much of the past is recorded with an event.",
            "post_s": "How long recording goes on when an event is over.",
            "inputs": "Which of them count when recording on an input. None ticked: any.",
        },
        widgets={
            "schedule": forms.Select({"class": "input"}, choices=choices),
            "inputs": forms.CheckboxSelectMultiple(choices=_inputs(source)),
        },
    )


def _inputs(source: str) -> list[tuple[str, str]]:
    """Every digital input by its name, and what is set though it is no longer there."""
    known = {token: name for token, name in channels.names().items() if token.startswith(INPUT)}
    gone = [one for one in settings.camera(source).inputs if one not in known]
    return [*known.items(), *((one, f"{one}, which is gone") for one in gone)]


def _do(request: HttpRequest, source: str) -> HttpResponse:
    act, by = request.POST["do"], actor(request)
    try:
        if act == "release":
            number = request.POST.get("clip", "")[:18]
            protecting.release(int(number) if number.isdecimal() else 0, by=by)
            messages.success(request, "This span may be deleted again to make room.")
        else:
            messages.success(request, _act(act, source, by))
    except DeviceError as error:
        messages.error(request, error.text)
    return HttpResponseRedirect(request.path)


def _act(act: str, source: str, by: Actor) -> str:
    if act == "record":
        triggers.start_by_hand(source, by=by)
        return "Recording has begun. It goes on until you stop it."
    if act == "stop":
        triggers.stop_by_hand(source, by=by)
        return "Recording by hand has ended."
    if act == "try":
        return f"The disk can be written: {space.try_disk(by=by):.0f} MB a second."
    if act == "this-disk":
        space.use_this_disk(by=by)
        return "The disk that is there now is used for recordings."
    raise Http404


def _clips(source: str) -> list[dict[str, Any]]:
    """Of this camera, and of those that were removed: no other page has them."""
    there = {camera.token for camera in overview_parts.cameras()}
    zone = time_zone.read().tz
    return [
        {
            "number": one.pk,
            "start": one.start.astimezone(zone),
            "end": one.end.astimezone(zone),
            "username": one.username,
            "start_ms": round(one.start.timestamp() * 1000),
            "source": one.recording.source,
            "removed": "" if one.recording.source in there else str(one.recording),
        }
        for one in protecting.everything()
        if one.recording.source == source or one.recording.source not in there
    ]
