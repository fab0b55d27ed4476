"""The overview: the picture, what state everything is in, and what happened last."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nvrdevice import health
from nvrdevice.accounts.levels import Level
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.media import uris
from nvrdevice.system import date_time, first_setup, identity
from webui import overview_parts, recording_parts, wizard
from webui.access import level_of, needs


@require_safe
@needs(Level.USER)
def page(request: HttpRequest) -> HttpResponse:
    cameras = overview_parts.cameras()
    camera = overview_parts.chosen(cameras, request.GET.get("source", ""))
    checks = health.recent()
    events = overview_parts.recent_rows()
    who = identity.read()
    return render(
        request,
        "pages/overview.html",
        {
            "device_line": f"{who.manufacturer} {who.model}, serial number {who.serial_number}",
            "setup_step": _setup_step(request),
            "cameras": cameras,
            "camera": camera,
            "motion": overview_parts.motion(camera.token),
            **recording_parts.shown(camera.token, level_of(request.user)),
            "attention": overview_parts.attention(checks, level_of(request.user)),
            "addresses": _addresses(request, camera),
            "clock": _clock(checks),
            "now": SYSTEM_CLOCK.now(),
            "events": events,
            "last_id": events[0].id if events else 0,
        },
    )


def _setup_step(request: HttpRequest) -> str:
    """Where an administrator left the setup, if it is not finished."""
    reached = first_setup.reached() if level_of(request.user) >= Level.ADMINISTRATOR else ""
    return wizard.WORDS[reached] if reached else ""


def _addresses(request: HttpRequest, camera: overview_parts.Camera) -> list[dict[str, str]]:
    """As the visitor reaches the device: that address is the one that works in their network."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    host = f"[{host}]" if ":" in host else host
    streams = [
        {"name": f"RTSP, {_small(stream.name)}", "value": uris.stream_uri(stream.profile, host)}
        for stream in camera.streams
    ]
    onvif = request.build_absolute_uri("/onvif/device_service")
    return [{"name": "ONVIF", "value": onvif}, *streams]


def _clock(checks: list[health.Check]) -> dict[str, str]:
    well = all(check.level is health.Level.OK for check in checks if check.name == "clock")
    if well:
        return {"kind": "ok", "words": "In use"}
    asked = date_time.read().by_ntp
    return {"kind": "warn", "words": "Not reached" if asked else "None in use"}


def _small(name: str) -> str:
    """Main stream becomes main stream; JPEG stays JPEG."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
