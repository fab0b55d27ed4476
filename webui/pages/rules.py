"""Rules: what is to happen when something happens. A list in sentences, and a form for one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nvrdevice import state
from nvrdevice.accounts.levels import Level
from nvrdevice.digital_io.settings import OUTPUT, DigitalChannels, token
from nvrdevice.lib.errors import DeviceError
from nvrdevice.rules import book
from nvrdevice.rules.settings import (
    CONDITIONS,
    END,
    INPUT,
    MOTION,
    NAME_LIMIT,
    OFF,
    ON,
    PULSE,
    RECORDING,
    SCHEDULE,
    START,
    WHILE,
    Rule,
)
from nvrdevice.schedules import book as schedules
from webui.access import actor, needs
from webui.pages.password_fields import tell
from webui.rule_words import sentence

KINDS = {INPUT: "{}", MOTION: "Motion at {}", SCHEDULE: "Schedule {}"}
GROUPS = {INPUT: "Inputs", MOTION: "Motion", SCHEDULE: "Schedules"}
ACTS = {
    f"{WHILE} {START}": "As long as it lasts",
    f"{ON} {START}": "On when it starts",
    f"{ON} {END}": "On when it ends",
    f"{OFF} {START}": "Off when it starts",
    f"{OFF} {END}": "Off when it ends",
    f"{PULSE} {START}": "Pulse when it starts",
    f"{PULSE} {END}": "Pulse when it ends",
}

# What the form calls what the functions name otherwise.
FIELDS = {"of": "condition", "camera": "target", "channel_id": "target"}


class RuleForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=NAME_LIMIT,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
        error_messages={"required": "Give the rule a name."},
    )
    condition = forms.ChoiceField(
        label="When",
        widget=forms.Select({"class": "input"}),
        error_messages={"required": "Choose what the rule waits for."},
    )
    during = forms.ChoiceField(
        label="Only during", required=False, widget=forms.Select({"class": "input"})
    )
    target = forms.ChoiceField(
        label="Switch or record",
        widget=forms.Select({"class": "input"}),
        error_messages={"required": "Choose what is to happen."},
    )
    act = forms.ChoiceField(
        label="How",
        help_text="A recording lasts as long as its reason, or is made once, as a pulse.",
        choices=list(ACTS.items()),
        widget=forms.Select({"class": "input"}),
    )
    enabled = forms.BooleanField(label="Enabled", required=False)

    def __init__(self, rule: Rule | None, typed: Any) -> None:
        super().__init__(typed, initial=_initial(rule) if rule is not None else {"enabled": True})
        fields: Any = self.fields
        fields["condition"].choices = [("", "Choose"), *_conditions(rule)]
        names = [one.name for one in schedules.everything()]
        if rule is not None and rule.during and rule.during not in names:
            names.append(rule.during)
        fields["during"].choices = [("", "Always"), *((name, name) for name in names)]
        fields["target"].choices = _targets(rule)

    def rule(self) -> Rule:
        typed = self.cleaned_data
        when, _, of = typed["condition"].partition(" ")
        act, _, at = typed["act"].partition(" ")
        do, _, target = typed["target"].partition(" ")
        return Rule(
            name=typed["name"],
            enabled=typed["enabled"],
            when=when,
            of=of,
            at=at,
            during=typed["during"],
            do=do,
            output=int(target) if do == OUTPUT else 1,
            camera=target if do == RECORDING else "",
            act=act,
        )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.OPERATOR)
def page(request: HttpRequest) -> HttpResponse:
    form = RuleForm(None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rule = book.create(form.rule(), by=actor(request))
        except DeviceError as error:
            tell(form, error, FIELDS)
        else:
            messages.success(request, f"The rule {rule.name} is there and counts.")
            return HttpResponseRedirect(reverse("rules"))
    rules = [
        {"rule": rule, "words": sentence(rule), "problem": book.problem(rule)}
        for rule in book.everything()
    ]
    return render(request, "pages/rules.html", {"rules": rules, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.OPERATOR)
def one(request: HttpRequest, name: str) -> HttpResponse:
    try:
        rule = book.get(name)
    except DeviceError as error:
        raise Http404(error.text) from None
    what, by = request.POST.get("what", ""), actor(request)
    form = RuleForm(rule, request.POST if what == "save" else None)
    error_text = ""
    try:
        if what == "try":
            messages.success(request, book.try_out(name, by=by))
            return HttpResponseRedirect(reverse("rule", args=[name]))
        if what == "delete":
            book.delete(name, by=by)
            messages.success(request, f"The rule {name} is deleted.")
            return HttpResponseRedirect(reverse("rules"))
        if what == "save" and form.is_valid():
            saved = book.change(name, form.rule(), by=by)
            messages.success(request, f"The rule {saved.name} is saved.")
            return HttpResponseRedirect(reverse("rules"))
    except DeviceError as error:
        if what == "save":
            tell(form, error, FIELDS)
        error_text = "" if what == "save" else error.text
    return render(
        request,
        "pages/rule.html",
        {
            "rule": rule,
            "words": sentence(rule),
            "problem": book.problem(rule),
            "form": form,
            "error": error_text,
        },
    )


def _conditions(rule: Rule | None) -> list[Any]:
    """Everything a rule can wait for, by kind; what this one waits for too, if it is gone."""
    found = []
    for when in CONDITIONS:
        known = book.sources(when)
        choices = [(f"{when} {of}", KINDS[when].format(words)) for of, words in known.items()]
        if rule is not None and rule.when == when and rule.of not in known:
            choices.append((f"{when} {rule.of}", f"{KINDS[when].format(rule.of)}, which is gone"))
        if choices:
            found.append((GROUPS[when], choices))
    return found


def _targets(rule: Rule | None) -> list[Any]:
    """Every output and camera, and what this rule acts upon, if it is gone."""
    outputs = [
        (f"{OUTPUT} {one.channel_id}", one.name or token(OUTPUT, one.channel_id))
        for one in state.read(DigitalChannels).of(OUTPUT)
    ]
    cameras = [(f"{RECORDING} ", "Record all cameras")]
    cameras += [
        (f"{RECORDING} {of}", f"Record {words}") for of, words in book.sources(MOTION).items()
    ]
    own = _initial(rule)["target"] if rule is not None else ""
    if own and own not in dict([*outputs, *cameras]):
        outputs.append((own, f"{own}, which is gone"))
    return [("Outputs", outputs), ("Recording", cameras)]


def _initial(rule: Rule) -> dict[str, Any]:
    at = START if rule.act == WHILE else rule.at
    return {
        "name": rule.name,
        "condition": f"{rule.when} {rule.of}",
        "during": rule.during,
        "target": f"{rule.do} {rule.camera if rule.do == RECORDING else rule.output}",
        "act": f"{rule.act} {at}",
        "enabled": rule.enabled,
    }
