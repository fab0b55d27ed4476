"""Schedules: the list with what they arm, and the editor of one of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nvrdevice import state
from nvrdevice.accounts.levels import Level
from nvrdevice.events.pipeline import EventSwitches
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.errors import DeviceError
from nvrdevice.schedules import arming, book
from nvrdevice.schedules.checks import NAME_LIMIT
from nvrdevice.schedules.entries import Schedule
from nvrdevice.schedules.settings import DAYS
from nvrdevice.schedules.week import DAY_NAMES, Week
from nvrdevice.system import time_zone
from webui import schedule_form, schedule_words
from webui.access import actor, needs
from webui.pages.password_fields import tell
from webui.schedule_form import PRESETS

ALWAYS = ("", "Always")


class NewForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=NAME_LIMIT,
        help_text="As you would call it: nights, office hours.",
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
        error_messages={"required": "Give the schedule a name."},
    )
    preset = forms.ChoiceField(
        label="Begin with",
        choices=[(key, words) for key, (words, _) in PRESETS.items()],
        widget=forms.Select({"class": "input"}),
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=NAME_LIMIT,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
        error_messages={"required": "Give the schedule a name."},
    )


class ArmingForm(forms.Form):
    events_schedule = forms.ChoiceField(
        label="Send events", required=False, widget=forms.Select({"class": "input"})
    )
    alarms_schedule = forms.ChoiceField(
        label="Send alarms",
        required=False,
        help_text="Motion, a lost camera signal, inputs and outputs.",
        widget=forms.Select({"class": "input"}),
    )

    def __init__(self, names: list[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.fields:
            own = str(self.initial.get(name, ""))
            gone = [own] if own and own not in names else []
            choices = [(each, f"During {each}") for each in names]
            choices += [(each, f"{each} (is not there: always)") for each in gone]
            self.fields[name].choices = [ALWAYS, *choices]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.OPERATOR)
def page(request: HttpRequest) -> HttpResponse:
    what = request.POST.get("what", "")
    found, switches = book.everything(), state.read(EventSwitches)
    new = NewForm(request.POST if what == "create" else None)
    arms = ArmingForm(
        [one.name for one in found],
        request.POST if what == "arm" else None,
        initial={name: getattr(switches, name) for name in ArmingForm.base_fields},
    )
    if what == "create" and new.is_valid():
        name, preset = new.cleaned_data["name"].strip(), new.cleaned_data["preset"]
        if _done(new, lambda: book.create(name, PRESETS[preset][1], by=actor(request))):
            messages.success(request, f"The schedule {name} is there: paint its week now.")
            return HttpResponseRedirect(reverse("schedule", args=[name]))
    if what == "arm" and arms.is_valid():
        events, alarms = (arms.cleaned_data[name] for name in ArmingForm.base_fields)
        if _done(arms, lambda: arming.arm(events=events, alarms=alarms, by=actor(request))):
            messages.success(request, "Saved: it counts now.")
            return HttpResponseRedirect(reverse("schedules"))
    now, zone = SYSTEM_CLOCK.now(), time_zone.read().tz
    return render(
        request,
        "pages/schedules.html",
        {
            "schedules": [schedule_words.shown(one, now, zone) for one in found],
            "zone": schedule_words.zone_words(now, zone),
            "new": new,
            "arming": arms,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.OPERATOR)
def one(request: HttpRequest, name: str) -> HttpResponse:
    found = book.find(name)
    if found is None:
        raise Http404(f"There is no schedule {name[:64]!r}.")
    what = request.POST.get("what", "")
    if what in ("rename", "copy", "delete"):
        return _manage(request, found, what)
    rows, errors, unsaved = schedule_form.rows_of(found.week), [], False
    if what.startswith("preset-") and what.removeprefix("preset-") in PRESETS:
        week = PRESETS[what.removeprefix("preset-")][1]
        rows, unsaved = schedule_form.rows_of(Week(week.days, found.week.exceptions)), True
    elif what == "save":
        rows, wanted = schedule_form.read(request.POST)
        errors = list(rows.errors)
        if wanted is not None:
            try:
                book.change(name, wanted, by=actor(request))
            except DeviceError as error:
                errors = [error.text]
            else:
                more = " What crosses midnight is kept as two windows." if rows.crosses else ""
                messages.success(request, f"The schedule {name} is saved.{more}")
                return HttpResponseRedirect(reverse("schedule", args=[name]))
        unsaved = True
    return _editor(request, found, rows=rows, errors=errors, unsaved=unsaved)


def _manage(request: HttpRequest, found: Schedule, what: str) -> HttpResponse:
    """Rename, copy or delete."""
    name, by, form = found.name, actor(request), NameForm(request.POST, prefix=what)
    if what == "delete":
        form = NameForm({"delete-name": name}, prefix=what)
    if form.is_valid():
        new = form.cleaned_data["name"].strip()
        acts = {
            "rename": (lambda: book.rename(name, new, by=by), f"It is called {new} now."),
            "copy": (lambda: book.copy(name, new, by=by), f"{new} begins as a copy of {name}."),
            "delete": (lambda: book.delete(name, by=by), f"The schedule {name} is deleted."),
        }
        act, said = acts[what]
        if _done(form, act):
            messages.success(request, said)
            where = reverse("schedules") if what == "delete" else reverse("schedule", args=[new])
            return HttpResponseRedirect(where)
    return _editor(request, found, rows=schedule_form.rows_of(found.week), forms={what: form})


def _editor(
    request: HttpRequest,
    found: Schedule,
    *,
    rows: schedule_form.Rows,
    errors: list[str] | None = None,
    unsaved: bool = False,
    forms: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    now, zone = SYSTEM_CLOCK.now(), time_zone.read().tz
    given = forms or {}
    return render(
        request,
        "pages/schedule.html",
        {
            "schedule": schedule_words.shown(found, now, zone),
            "zone": schedule_words.zone_words(now, zone),
            "rows": rows,
            "days": list(zip(DAYS, DAY_NAMES, strict=True)),
            "errors": errors,
            "unsaved": unsaved,
            "presets": [(key, words) for key, (words, _) in PRESETS.items()],
            "rename": given.get("rename", NameForm(prefix="rename", initial={"name": found.name})),
            "copy": given.get("copy", NameForm(prefix="copy")),
            "refused": next(iter(given.values()), None),
            "blank": schedule_form.Row(schedule_form.days_of(())),
        },
    )


def _done(form: forms.Form, act: Any) -> bool:
    try:
        act()
    except DeviceError as error:
        tell(form, error)
        return False
    return True
