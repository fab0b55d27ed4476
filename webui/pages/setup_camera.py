"""The setup, camera: one that is plugged in, one of the network, or the test picture."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters

from nvrdevice.media import sources
from nvrdevice.media.settings import Source
from webui import overview_parts, source_choices, source_trial, wizard
from webui.access import actor


@sensitive_post_parameters("password", "uri", "sub_uri")
@wizard.step("camera")
def page(request: HttpRequest) -> HttpResponse:
    outcome = source_trial.Outcome(source_trial.SourceForm())
    what = request.POST.get("what", "") if request.method == "POST" else ""
    if what == "keep":
        return wizard.onward("camera")
    if what:
        by = actor(request)

        def save(draft: Source, name: str) -> Source:
            return sources.take_source(draft.uri, by, name=name, sub_uri=draft.sub_uri, tried=draft)

        outcome = source_trial.handle(request, save)
        if outcome.saved is not None:
            seen = f": {outcome.words}" if outcome.words else ""
            messages.success(request, f"{outcome.saved.name} is in use{seen}.")
            return wizard.onward("camera")
    context = {
        "outcome": outcome,
        "cameras": overview_parts.cameras(),
        "only_test": sources.only_test_picture(),
        **source_choices.context(),
    }
    return wizard.show(request, "camera", context)
