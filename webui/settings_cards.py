"""Pages of settings: cards, each a form of its own that saves by itself and says so.

A card whose function this machine does not have shows why, and no form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from nvrdevice.audit.trail import Actor
from webui.access import actor
from webui.settings_form import SettingsForm


@dataclass(frozen=True, kw_only=True)
class Card:
    """save is given cleaned_data and who asks; done is what the page says afterwards."""

    what: str
    title: str
    form: type[SettingsForm]
    initial: Mapping[str, Any]
    save: Callable[[dict[str, Any], Actor], object]
    done: str
    words: str = ""
    button: str = "Save"
    names: Mapping[str, str] = field(default_factory=dict)  # of fields, where the core has others
    why_not: str = ""
    off: str = "Not on this machine"  # what why_not explains


@dataclass(frozen=True)
class Shown:
    """A card with its form as this request has it; None where it cannot be used."""

    card: Card
    form: SettingsForm | None


def answer(
    request: HttpRequest, template: str, cards: tuple[Card, ...], context: Mapping[str, Any]
) -> HttpResponse:
    """The page; after a card was saved, the way back to it."""
    asked = request.POST.get("what", "") if request.method == "POST" else ""
    shown: dict[str, Shown] = {}
    for card in cards:
        if card.why_not:
            shown[card.what] = Shown(card, None)
            continue
        posted = request.POST if asked == card.what else None
        form = card.form(posted, initial=dict(card.initial))
        if posted is not None and form.is_valid() and _save(card, form, actor(request)):
            messages.success(request, card.done)
            return HttpResponseRedirect(request.path)
        shown[card.what] = Shown(card, form)
    return render(request, template, {**context, "cards": shown})


def _save(card: Card, form: SettingsForm, by: Actor) -> bool:
    return form.carry_out(lambda: card.save(form.cleaned_data, by), card.names)
