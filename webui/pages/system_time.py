"""/system/time/: zone, time servers, and the clock set by hand where nothing better is there."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts.levels import Level
from nvrdevice.audit.trail import Actor
from nvrdevice.system import backends, date_time, ntp, time_setting, time_zone
from nvrdevice.system.date_time import DateTime
from nvrdevice.system.ntp import Ntp
from webui import settings_cards
from webui.access import needs
from webui.settings_cards import Card
from webui.settings_form import SettingsForm


class ZoneForm(SettingsForm):
    zone = forms.ChoiceField(
        label="Zone",
        help_text="Region and city. Schedules follow it at once.",
        choices=lambda: [(name, name.replace("_", " ")) for name in time_setting.zones()],
        widget=forms.Select({"class": "input"}),
        error_messages={"invalid_choice": "Choose a time zone of the list."},
    )


class ServersForm(SettingsForm):
    servers = forms.CharField(
        label="Servers",
        help_text="Names or addresses, one a line, such as pool.ntp.org. Empty: the machine's own "
        "choice. Without internet, name your router or NVR.",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"class": "input", "rows": 3, "spellcheck": "false"}),
    )


class NtpForm(SettingsForm):
    """Only a button: time servers again."""


class ByHandForm(SettingsForm):
    time = forms.DateTimeField(
        label="Date and time",
        help_text="In the time zone of this device.",
        required=False,
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(
            {"class": "input", "type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
        ),
        error_messages={"invalid": "Give a date and a time, such as 2030-05-21 14:30."},
    )
    # Filled by the page's script: the moment itself, whatever the zones are.
    computer_ms = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and typed["time"] is None and typed["computer_ms"] is None:
            self.add_error("time", "Give a date and a time.")
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    now, servers = date_time.read(), ntp.read()
    cards = _cards(now, servers)
    reasons = {card.why_not for card in cards}
    context = {
        "nothing": reasons.pop() if len(reasons) == 1 else "",  # said once, not on every card
        "now": now,
        "servers": servers,
        "client": ntp.client(),
        "synchronised": date_time.synchronised(),
        "last": date_time.last_synchronised(),
        "zone_words": _zone_words(now),
    }
    return settings_cards.answer(request, "pages/system_time.html", cards, context)


def _cards(now: DateTime, servers: Ntp) -> tuple[Card, ...]:
    zone = time_zone.read().tz
    return (
        Card(
            what="zone",
            title="Time zone",
            form=ZoneForm,
            initial={"zone": now.zone},
            save=lambda typed, by: time_setting.set_zone(typed["zone"], by=by),
            done="The time zone is set.",
            why_not=time_setting.why_not(backends.ZONE),
        ),
        Card(
            what="servers",
            title="Time servers",
            words="Time servers keep the clock right by themselves. An NVR whose clock differs "
            "from this one's by more than the clock window cannot sign in.",
            form=ServersForm,
            initial={"servers": "\n".join(servers.manual)},
            save=lambda typed, by: time_setting.set_servers(
                tuple(typed["servers"].splitlines()), by=by
            ),
            done="The time servers are saved.",
            why_not=time_setting.why_not(backends.SERVERS),
        ),
        Card(
            what="ntp",
            title="No time server is asked",
            words="Nothing keeps the clock right: it goes wrong by seconds a week, or minutes.",
            button="Use time servers",
            form=NtpForm,
            initial={},
            save=lambda _, by: time_setting.use_ntp(by=by),
            done="Time servers set the clock again.",
            why_not=time_setting.why_not(backends.NTP),
        ),
        Card(
            what="by_hand",
            title="Set by hand",
            words="For networks without a time server. Time servers are then no longer asked, "
            "because they would set the clock back. A jump of the clock leaves a gap or an "
            "overlap in recordings.",
            button="Set the clock",
            form=ByHandForm,
            initial={"time": now.local.replace(tzinfo=None)},
            save=lambda typed, by: set_by_hand(typed, zone, by),
            done="The clock is set.",
            why_not=time_setting.why_not(backends.TIME),
        ),
    )


def set_by_hand(typed: dict[str, Any], zone: tzinfo, by: Actor) -> None:
    if typed["computer_ms"] is not None:
        limit = timedelta(days=366 * 200) // timedelta(milliseconds=1)
        milliseconds = min(max(typed["computer_ms"], 0), limit)
        utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    else:
        # Django made it aware in the zone of the pages, which is UTC; typed was the device's.
        utc = typed["time"].replace(tzinfo=zone).astimezone(UTC)
    time_setting.set_by_hand(utc, by=by)


def _zone_words(now: DateTime) -> str:
    if now.zone == "UTC":
        return "UTC"
    offset = now.local.strftime("%z")
    summer = ", daylight saving time" if now.daylight_saving else ""
    return f"{now.zone.replace('_', ' ')}, UTC{offset[:3]}:{offset[3:5]}{summer}"
