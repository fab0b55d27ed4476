"""The setup, time: zone, time servers, and this computer's time where nothing better is there."""

from datetime import UTC
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from nvrdevice.system import backends, date_time, ntp, time_setting
from webui import wizard
from webui.access import actor
from webui.pages.system_time import ByHandForm, ServersForm, ZoneForm, set_by_hand
from webui.settings_form import SettingsForm

LABELS = {"zone": "Time zone", "servers": "Time servers"}  # no title over each, as on their page
UNSET = ("UTC", "Etc/UTC")  # nobody chose it: the computer's own zone is a better guess


@wizard.step("time")
def page(request: HttpRequest) -> HttpResponse:
    now, servers = date_time.read(), ntp.read()
    what = request.POST.get("what", "") if request.method == "POST" else ""
    clock_form = ByHandForm(request.POST if what == "clock" else None)
    if what == "clock" and clock_form.is_valid():
        by = actor(request)
        if clock_form.carry_out(lambda: set_by_hand(clock_form.cleaned_data, UTC, by)):
            messages.success(request, "The clock of the device is set as on this computer.")
            return HttpResponseRedirect(reverse("setup-time"))
    posted = request.POST if what == "save" else None
    zone = _form(ZoneForm, posted, backends.ZONE, {"zone": now.zone})
    listed = "\n".join(servers.manual)
    asked = _form(ServersForm, posted, backends.SERVERS, {"servers": listed})
    if what == "save" and _save(request, zone, asked, now.zone, listed):
        return wizard.onward("time")
    return wizard.show(
        request,
        "time",
        {
            "now": now,
            "servers": servers,
            "zone_form": zone,
            "servers_form": asked,
            "clock_form": clock_form,
            "can_set": not time_setting.why_not(backends.TIME),
            "why_not": time_setting.why_not(backends.ZONE),
            "zone_unset": now.zone in UNSET,
        },
    )


def _form(
    form: type[SettingsForm], posted: Any, what: str, initial: dict[str, Any]
) -> SettingsForm | None:
    """None where this machine cannot set it."""
    if time_setting.why_not(what):
        return None
    made = form(posted, initial=initial)
    for name, field in made.fields.items():
        field.label = LABELS[name]
    return made


def _save(
    request: HttpRequest,
    zone: SettingsForm | None,
    asked: SettingsForm | None,
    zone_now: str,
    servers_now: str,
) -> bool:
    """Only what differs is set: each change is one row of the audit trail."""
    by = actor(request)
    given = [form for form in (zone, asked) if form is not None]
    valid = [form.is_valid() for form in given]  # each of them: all errors are told at once
    if not all(valid):
        return False
    if zone is not None and zone.cleaned_data["zone"] != zone_now:
        chosen = zone.cleaned_data["zone"]
        if not zone.carry_out(lambda: time_setting.set_zone(chosen, by=by)):
            return False
    if asked is None:
        return True
    wanted = tuple(asked.cleaned_data["servers"].split())
    if wanted == tuple(servers_now.split()):
        return True
    return asked.carry_out(lambda: time_setting.set_servers(wanted, by=by))
