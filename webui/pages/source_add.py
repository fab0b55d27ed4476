"""Adding a camera: one that is plugged in, one of the network, a file or the test picture."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts.levels import Level
from nvrdevice.media import sources
from nvrdevice.media.settings import Source
from webui import source_choices, source_trial
from webui.access import actor, needs


@sensitive_post_parameters("password", "uri", "sub_uri")
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    outcome = source_trial.Outcome(source_trial.SourceForm())
    if request.method == "POST":
        by = actor(request)

        def save(draft: Source, name: str) -> Source:
            return sources.add_source(draft.uri, by, name=name, sub_uri=draft.sub_uri, tried=draft)

        outcome = source_trial.handle(request, save)
        if outcome.saved is not None:
            seen = f": {outcome.words}" if outcome.words else ""
            messages.success(request, f"{outcome.saved.name} is added{seen}.")
            return HttpResponseRedirect(reverse("sources"))
    return render(
        request, "pages/source_add.html", {"outcome": outcome, **source_choices.context()}
    )
