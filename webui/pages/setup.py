"""The setup in the browser: where it begins, goes on, and is left."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts.levels import Level
from nvrdevice.system import first_setup
from webui import wizard
from webui.access import needs


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        if request.POST.get("what") == "leave":
            first_setup.finish()
            return HttpResponseRedirect(reverse("overview"))
        first_setup.go_to(first_setup.STEPS[0])
    if reached := first_setup.reached():
        return HttpResponseRedirect(wizard.url_of(reached))
    return render(request, "pages/setup.html", {"steps": wizard.WORDS.values()})
