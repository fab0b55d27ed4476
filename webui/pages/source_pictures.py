"""Pictures of cameras that are no sources yet: the one that was tried, and those plugged in.

Only what is part of this machine is opened for a picture's address: no address of the network.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import sources, trials
from nvrdevice.media.source_uri import LOCAL, parse_uri
from webui import source_trial
from webui.access import actor, needs
from webui.quiet import quiet


@require_GET
@needs(Level.ADMINISTRATOR)
def tried(request: HttpRequest) -> HttpResponse:
    data = source_trial.tried_picture(request)
    if not data:
        return _none("No address was tried yet.", 404)
    return HttpResponse(data, content_type="image/jpeg")


@require_GET
@needs(Level.ADMINISTRATOR)
def found(request: HttpRequest) -> HttpResponse:
    try:
        uri = parse_uri(request.GET.get("uri", ""))
        if uri.scheme not in (*LOCAL, "test"):
            return _none("Only cameras of this machine have a picture here.", 404)
        trial = trials.try_source(sources.draft(uri.uri), actor(request))
    except DeviceError as error:
        return _none(error.text, 503)
    return HttpResponse(trial.picture, content_type="image/jpeg")


def _none(why: str, status: int) -> HttpResponse:
    return quiet(JsonResponse({"detail": why}, status=status))
