"""One camera: its name, its addresses, and taking it away."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import settings, sources
from nvrdevice.media.settings import Source
from nvrdevice.media.source_uri import shown
from webui import overview_parts, source_trial
from webui.access import actor, needs


class NameForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=settings.NAME_LIMIT,
        help_text="What the pages and your NVR call it. Applies now.",
        error_messages={"required": "Give the camera a name, such as Front door."},
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )


@sensitive_post_parameters("password", "uri", "sub_uri")
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest, source: str) -> HttpResponse:
    found = _source(source)
    here = reverse("source", args=[source])
    what = request.POST.get("what", "")
    name_form = NameForm(request.POST if what == "name" else None, initial={"name": found.name})
    if what == "name" and name_form.is_valid() and _rename(request, found, name_form):
        messages.success(request, "The name is saved.")
        return HttpResponseRedirect(here)
    outcome = source_trial.Outcome(
        source_trial.SourceForm(initial={"uri": shown(found.uri), "sub_uri": shown(found.sub_uri)}),
        has_login=bool(found.sealed_login),
    )
    if what in ("try", "save", "anyway"):
        outcome = source_trial.handle(request, _changing(request, found), found)
        if outcome.saved is not None:
            messages.success(request, f"The address of {found.name} is saved.")
            return HttpResponseRedirect(here)
    return render(
        request,
        "pages/source.html",
        {
            "source": found,
            "camera": overview_parts.chosen(overview_parts.cameras(), source),
            "name_form": name_form,
            "outcome": outcome,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def remove(request: HttpRequest, source: str) -> HttpResponse:
    found = _source(source)
    error = ""
    if request.method == "POST":
        try:
            sources.remove_source(source, actor(request))
        except DeviceError as refused:
            error = refused.text
        else:
            messages.success(request, f"{found.name} is removed.")
            return HttpResponseRedirect(reverse("sources"))
    elif len(settings.read().sources) == 1:
        error = f"{found.name} is the only camera: add another first, or change this one."
    return render(request, "pages/source_remove.html", {"source": found, "error": error})


def _changing(request: HttpRequest, found: Source) -> source_trial.Save:
    by = actor(request)

    def save(draft: Source, _name: str) -> Source:
        return sources.change_source(
            found.token, by, uri=draft.uri, sub_uri=draft.sub_uri, tried=draft
        )

    return save


def _rename(request: HttpRequest, found: Source, form: NameForm) -> bool:
    try:
        sources.change_source(found.token, actor(request), name=form.cleaned_data["name"])
    except DeviceError as error:
        form.add_error("name", error.text)
        return False
    return True


def _source(token: str) -> Source:
    found = settings.named(settings.read().sources, token)
    if found is None:
        raise Http404(f"There is no camera {token[:64]!r}.")
    return found
