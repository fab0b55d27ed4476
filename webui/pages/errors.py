"""The page for a fault of our own. It needs no database and no session, since those may be it."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def fault(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("500.html"), status=500)
