"""Digital inputs and outputs: their states as they change, switching them, and their settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts.levels import Level
from nvrdevice.audit.trail import Actor
from nvrdevice.digital_io import channels
from nvrdevice.digital_io.channels import ChannelNow
from nvrdevice.digital_io.settings import (
    BISTABLE,
    CLOSED,
    INPUT,
    MONOSTABLE,
    OPEN,
    OUTPUT,
    Channel,
    DigitalInput,
    DigitalOutput,
    token,
)
from nvrdevice.lib.errors import DeviceError
from webui import settings_form
from webui.access import actor, needs
from webui.io_consumer import state
from webui.quiet import quiet
from webui.settings_form import SettingsForm

CONTACT = {OPEN: "Open", CLOSED: "Closed"}
InputForm = settings_form.form_for(
    DigitalInput,
    *("name", "normal_state", "debounce_ms", "pin"),
    words={"normal_state": CONTACT},
)
OutputForm = settings_form.form_for(
    DigitalOutput,
    *("name", "idle_state", "mode", "delay_s", "critical", "pin"),
    words={
        "idle_state": CONTACT,
        "mode": {BISTABLE: "Stays as it is switched", MONOSTABLE: "Goes off by itself"},
    },
)
KINDS = {"virtual": "Virtual", "simulated": "Simulated pin", "gpio": "GPIO pin"}
Switch = Callable[[str, int, Actor], bool]
SWITCHES: dict[str, Switch] = {
    "on": lambda direction, number, by: channels.set_state(direction, number, active=True, by=by),
    "off": lambda direction, number, by: channels.set_state(direction, number, active=False, by=by),
    "pulse": lambda _, number, by: channels.pulse(number, by=by),
}
NOT_SURE = "Tick the box first: this output is marked as critical."


@dataclass(frozen=True)
class Card:
    """A channel as the page shows it."""

    token: str
    setting: Channel
    is_input: bool
    state: str  # HTML
    kind: str
    problem: str
    can_switch: bool
    form: SettingsForm
    open: bool  # its settings


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.OPERATOR)
def page(request: HttpRequest) -> HttpResponse:
    what, refused = request.POST.get("what", ""), None
    found = _asked(request)
    if what in SWITCHES and found is not None:
        return _switch(request, found, what)
    if what == "settings" and found is not None:
        form = _form(found, request)
        if form.is_valid() and _saved(request, found, form):
            messages.success(request, f"{form.cleaned_data['name'] or 'The channel'} is saved.")
            return HttpResponseRedirect(reverse("io"))
        refused = form
    return _shown(request, refused=refused)


def _switch(request: HttpRequest, channel: Channel, what: str) -> HttpResponse:
    name, error = token(channel.direction, channel.channel_id), ""
    now = False
    if getattr(channel, "critical", False) and not request.POST.get("sure"):
        error = NOT_SURE
    else:
        try:
            now = SWITCHES[what](channel.direction, channel.channel_id, actor(request))
        except DeviceError as refusal:
            error = refusal.text
    if request.headers.get("X-Requested-With"):
        body = {"error": error} if error else {"state": state(name, on=now)}
        return quiet(JsonResponse(body, status=409 if error else 200))
    if error:
        return _shown(request, error=error)
    return HttpResponseRedirect(f"{reverse('io')}#{name}")


def _saved(request: HttpRequest, channel: Channel, form: SettingsForm) -> bool:
    return form.carry_out(
        lambda: channels.change(
            channel.direction, channel.channel_id, form.cleaned_data, by=actor(request)
        )
    )


def _shown(
    request: HttpRequest, *, refused: SettingsForm | None = None, error: str = ""
) -> HttpResponse:
    found = channels.everything()
    cards = [_card(one, refused) for one in found]
    away = {one.problem for one in found}
    return render(
        request,
        "pages/io.html",
        {
            "inputs": [card for card in cards if card.is_input],
            "outputs": [card for card in cards if not card.is_input],
            # One sentence over the page where it is the same for all: the device process is away.
            "problem": away.pop() if len(away) == 1 else "",
            "error": error,
            "refused": refused,
        },
    )


def _card(one: ChannelNow, refused: SettingsForm | None) -> Card:
    is_refused = refused is not None and refused.prefix == one.token
    kind = KINDS.get(one.kind, "")
    pin = one.setting.pin
    return Card(
        token=one.token,
        setting=one.setting,
        is_input=one.setting.direction == INPUT,
        state=state(one.token, on=one.state, problem=one.problem),
        kind=f"{kind} {pin}" if pin is not None and kind else kind,
        problem=one.problem,
        can_switch=not one.problem and (one.setting.direction == OUTPUT or pin is None),
        form=refused if is_refused and refused is not None else _form(one.setting),
        open=is_refused,
    )


def _form(channel: Channel, request: HttpRequest | None = None) -> SettingsForm:
    made = InputForm if channel.direction == INPUT else OutputForm
    name = token(channel.direction, channel.channel_id)
    initial = settings_form.values(channel, made)
    return made(request.POST if request else None, initial=initial, prefix=name)


def _asked(request: HttpRequest) -> Channel | None:
    """The channel a form of the page speaks of."""
    told: Any = request.POST.get("channel", "")
    for direction in (INPUT, OUTPUT):
        number = told.removeprefix(direction)
        if told.startswith(direction) and number.isascii() and number.isdigit():
            try:
                return channels.find(direction, int(number[:5]))
            except DeviceError:
                return None
    return None
