"""Add to your NVR: what to type there, the steps, and a checklist that follows the NVR."""

import io

import segno
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nvrdevice.accounts.levels import Level
from webui import connect_parts
from webui.access import level_of, needs
from webui.quiet import quiet

ADDRESS_LENGTH = 45


@require_safe
@needs(Level.OPERATOR)
def page(request: HttpRequest) -> HttpResponse:
    nvr, client = connect_parts.chosen(request.GET.get("nvr", "")), _client(request)
    context = connect_parts.facts(request, nvr)
    parts = connect_parts.parts(level_of(request.user), client, nvr)
    return render(request, "pages/connect.html", {**context, **parts, "client": client})


@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """The checklist for the page's script, each few seconds."""
    level = level_of(request.user)
    if level < Level.OPERATOR:
        return quiet(JsonResponse({"detail": "Sign in first."}, status=403))
    nvr = connect_parts.chosen(request.GET.get("nvr", ""))
    return JsonResponse(connect_parts.parts(level, _client(request), nvr))


@require_safe
@needs(Level.OPERATOR)
def qr(request: HttpRequest) -> HttpResponse:
    """The address of this page's device, for a phone's camera; never a name or password."""
    picture = io.BytesIO()
    code = segno.make(request.build_absolute_uri("/"), error="m", micro=False)
    code.save(picture, kind="svg", scale=6, border=4, dark="#000", light="#fff", xmldecl=False)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _client(request: HttpRequest) -> str:
    return request.GET.get("client", "")[:ADDRESS_LENGTH]
