"""The picture of a profile for the pages: a fresh one each time, for people who are signed in."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import requests
from webui.access import level_of
from webui.setup_gate import open_during_setup

STATUS = {Kind.MISSING: 404, Kind.INVALID: 404}


@require_GET
@open_during_setup
async def picture(request: HttpRequest, profile: str) -> HttpResponse:
    if level_of(await request.auser()) < Level.USER:
        return JsonResponse({"detail": "Sign in first."}, status=403)
    try:
        reply = await requests.ask_async("snapshot", profile=profile)
    except DeviceError as error:
        return JsonResponse({"detail": error.text}, status=STATUS.get(error.kind, 503))
    return HttpResponse(reply.body, content_type="image/jpeg")
