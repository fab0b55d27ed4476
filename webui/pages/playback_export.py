"""Taking a span of a recording away as one MP4: asked for, made with progress, loaded."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings import exporting, index, protecting
from nvrdevice.recordings.models import Export
from nvrdevice.system import time_zone
from webui import overview_parts
from webui.access import actor, needs
from webui.recording_parts import size_words

STATES = {
    exporting.WAITING: ("unknown", "Waiting"),
    exporting.RUNNING: ("unknown", "Being made"),
    exporting.DONE: ("ok", "Ready"),
    exporting.FAILED: ("danger", "Not made"),
    exporting.CANCELLED: ("off", "Cancelled"),
}


@require_POST
@needs(Level.OPERATOR)
def create(request: HttpRequest) -> HttpResponse:
    source = request.POST.get("source", "")
    recording, by = index.recording_token(source), actor(request)
    try:
        start, end = _moment(request, "from"), _moment(request, "to")
        if request.POST.get("do") == "protect":
            protecting.protect(recording, start, end, by=by)
            messages.success(request, "Protected: this span is not deleted to make room.")
            if source not in {one.token for one in overview_parts.cameras()}:  # it was removed
                return HttpResponseRedirect(_back(request, source))
            return HttpResponseRedirect(reverse("recording-source", args=[source]))
        made = exporting.create(recording, start, end, by=by)
    except DeviceError as error:
        messages.error(request, error.text)
        return HttpResponseRedirect(_back(request, source))
    return HttpResponseRedirect(reverse("export", args=[made.token]))


def _back(request: HttpRequest, source: str) -> str:
    """To the day that was shown, with what was typed."""
    typed = {name: request.POST.get(name, "")[:32] for name in ("day", "from", "to")}
    return f"{reverse('playback')}?{urlencode({'source': source[:64], **typed})}#export"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.OPERATOR)
def page(request: HttpRequest, token: str) -> HttpResponse:
    one = _find(token)
    if request.method == "POST":
        exporting.cancel(token, by=actor(request))
        return HttpResponseRedirect(request.path)
    if one.state in (exporting.WAITING, exporting.RUNNING):
        exporting.work()  # after a restart
    zone = time_zone.read().tz
    kind, words = STATES[one.state]
    return render(
        request,
        "pages/export.html",
        {
            "one": one,
            "source": one.recording.source,
            "name": overview_parts.names().get(one.recording.source, one.recording.source),
            "zone": one.start.astimezone(zone).tzname(),
            "start": one.start.astimezone(zone),
            "end": one.end.astimezone(zone),
            "kind": kind,
            "words": words,
            "under_way": one.state in (exporting.WAITING, exporting.RUNNING),
            "percent": _percent(one),
            "size": size_words(one.total) if one.total else "",
        },
    )


@require_safe
@needs(Level.OPERATOR)
def state(request: HttpRequest, token: str) -> HttpResponse:
    one = _find(token)
    return JsonResponse(
        {"state": one.state, "percent": _percent(one), "words": STATES[one.state][1]}
    )


def _find(token: str) -> Export:
    try:
        return exporting.find(token)
    except DeviceError as error:
        raise Http404(error.text) from None


def _percent(one: Export) -> int:
    return min(100, one.done * 100 // one.total) if one.total else 0


def _moment(request: HttpRequest, field: str) -> datetime:
    """Milliseconds since 1970, or a local time of the device as a browser's field gives it.

    In the night of the change to winter time an hour comes twice: a span that begins or ends in
    it takes in both.
    """
    text = request.POST.get(field, "")
    if re.fullmatch(r"\d{11,14}", text, re.ASCII):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    try:
        found = datetime.fromisoformat(text)
        fold = int(field == "to")
        local = found if found.tzinfo else found.replace(tzinfo=time_zone.read().tz, fold=fold)
        moment = local.astimezone(UTC)
        if not 1969 <= moment.year < 9999:  # no zone shows the first and the last day there is
            raise ValueError
        return moment
    except (ValueError, OverflowError):
        raise DeviceError(
            Kind.INVALID,
            f"Give the {'start' if field == 'from' else 'end'} as date and time.",
            field=field,
        ) from None
