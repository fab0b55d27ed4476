"""The picture of a profile for the pages: a fresh one each time, for people who are signed in."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import requests
from webui.access import level_of
from webui.quiet import quiet
from webui.setup_gate import open_during_setup, password_must_change

STATUS = {Kind.MISSING: 404, Kind.INVALID: 404}


@require_GET
@open_during_setup
async def picture(request: HttpRequest, profile: str) -> HttpResponse:
    user = await request.auser()
    if level_of(user) < Level.USER or password_must_change(user):
        return quiet(JsonResponse({"detail": "Sign in first."}, status=403))
    try:
        reply = await requests.ask_async("snapshot", profile=profile)
    except DeviceError as error:
        status = STATUS.get(error.kind, 503)
        return quiet(JsonResponse({"detail": error.text}, status=status))
    return HttpResponse(reply.body, content_type="image/jpeg")
