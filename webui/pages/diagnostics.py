"""Diagnostics: who talks to the device and why some are not let in, live and on paper.

Operators see what happens; the names clients give themselves, what they asked for and the names
that nobody here has are for administrators.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nvrdevice.accounts.levels import Level
from webui import diagnostics_parts
from webui.access import level_of, needs
from webui.quiet import quiet

ADDRESS_LENGTH = 45


@require_safe
@needs(Level.OPERATOR)
def page(request: HttpRequest) -> HttpResponse:
    client = _client(request)
    parts = diagnostics_parts.parts(level_of(request.user), client)
    context = {name.replace("-", "_"): html for name, html in parts.items()}
    return render(request, "pages/diagnostics.html", {**context, "client": client})


@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """The same parts for the page's script, each few seconds."""
    level = level_of(request.user)
    if level < Level.OPERATOR:
        return quiet(JsonResponse({"detail": "Sign in first."}, status=403))
    return JsonResponse(diagnostics_parts.parts(level, _client(request)))


def _client(request: HttpRequest) -> str:
    return request.GET.get("client", "")[:ADDRESS_LENGTH]
