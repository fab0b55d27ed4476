"""Signing out: by POST only, so that no link or picture of another page can do it."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from webui import live_sockets
from webui.setup_gate import open_during_setup


@require_POST
@open_during_setup
def page(request: HttpRequest) -> HttpResponse:
    logout(request)
    live_sockets.look_again()
    return HttpResponseRedirect("/login/")
