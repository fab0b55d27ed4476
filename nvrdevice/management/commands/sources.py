"""sources: the cameras of this machine and what they can do, and the configured ones' state."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings as django_settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from nvrdevice.lib.clock import iso_utc
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.management import database, device_checks
from nvrdevice.media import facts, presence, settings

MODES_SHOWN = 6


class Command(BaseCommand):
    help = "List the cameras of this machine and the configured sources with their state."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        configured = settings.read().sources
        states = _states()
        cameras = [_camera(one, configured) for one in _look()]
        found = {
            "cameras": cameras + _in_use({camera["uri"] for camera in cameras}, configured, states),
            "sources": [_source(one, states.get(one.token)) for one in configured],
        }
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self.stdout.write("\n".join([*_camera_lines(found), "", *_source_lines(found)]))


def _look() -> list[Any]:
    try:
        # gi loads here, so that every other command works without GStreamer.
        from nvrdevice.media.engine import gst, local_cameras
    except (ImportError, ValueError) as error:
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"GStreamer cannot be used ({error}): ./nvr manage checkdevice names what is missing.",
        ) from None
    gst.start()
    return local_cameras.look()


def _states() -> dict[str, facts.Facts]:
    """Empty before the first start, and while nothing runs that could know it now."""
    if not database.is_made():
        return {}
    try:
        return presence.facts() if device_checks.is_running() else facts.read()
    except DatabaseError:
        return {}


def _camera(found: Any, configured: tuple[settings.Source, ...]) -> dict[str, Any]:
    """One entry a format and size, the fastest; the largest first."""
    fastest: dict[tuple[str, int, int], float] = {}
    for mode in found.modes:
        key = (mode.format, mode.width, mode.height)
        fastest[key] = max(mode.fps, fastest.get(key, 0.0))
    order = sorted(fastest.items(), key=lambda item: (-item[0][1] * item[0][2], item[0][0]))
    return {
        "uri": found.uri,
        "name": found.name,
        "source": next((one.token for one in configured if one.uri == found.uri), None),
        "modes": [
            {"format": name, "width": width, "height": height, "fps": round(fps, 2)}
            for (name, width, height), fps in order
        ],
        "trouble": found.trouble,
    }


def _in_use(
    listed: set[str], configured: tuple[settings.Source, ...], states: dict[str, facts.Facts]
) -> list[dict[str, Any]]:
    """Cameras of this machine that tell nobody else what they can do while they deliver."""
    return [
        {
            "uri": one.uri,
            "name": one.name,
            "source": one.token,
            "modes": [],
            "trouble": "The device has it open just now: stop it to see what it can do.",
        }
        for one in configured
        if one.uri.startswith(("v4l2:", "libcamera:"))
        and one.uri not in listed
        and one.token in states
        and states[one.token].uri == one.uri
        and states[one.token].online
        and device_checks.is_running()
    ]


def _source(source: settings.Source, known: facts.Facts | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "token": source.token,
        "name": source.name,
        "uri": source.uri,
        "sub_uri": source.sub_uri,
        "state": "unknown",
        "reason": "",
    }
    if known is None or known.uri != source.uri:
        return told
    measured = asdict(known)
    fields = ("width", "height", "fps", "codec", "pass_through", "bitrate_kbps", "reason")
    if not device_checks.is_running():
        told["reason"] = "The device is not running."
        return told
    return (
        told
        | {name: measured[name] for name in fields}
        | {
            "state": "online" if known.online else "offline",
            "since": iso_utc(known.since) if known.since else None,
        }
    )


def _camera_lines(found: dict[str, Any]) -> list[str]:
    lines = ["Cameras of this machine"]
    for camera in found["cameras"]:
        used = f", used as {camera['source']}" if camera["source"] else ""
        lines.append(f"  {camera['uri']}  {camera['name']}{used}")
        if camera["trouble"]:
            lines.append(f"    {camera['trouble']}")
        for mode in camera["modes"][:MODES_SHOWN]:
            lines.append(f"    {_mode(mode)}")
        if (more := len(camera["modes"]) - MODES_SHOWN) > 0:
            lines.append(f"    and {more} more (--json lists them)")
    if not found["cameras"]:
        lines.append("  None was found.")
    return lines


def _mode(mode: dict[str, Any]) -> str:
    return f"{mode['format']:<6} {mode['width']} x {mode['height']}, {mode['fps']:g} per second"


def _source_lines(found: dict[str, Any]) -> list[str]:
    lines = [f"Configured sources ({django_settings.NVR_CONFIG_DIR / 'media.yaml'})"]
    for source in found["sources"]:
        lines.append(f"  {source['token']}  {source['name']}  {source['uri']}".rstrip())
        if source["state"] == "online":
            how = "passed through" if source["pass_through"] else "encoded here"
            size = f"{source['width']} x {source['height']}"
            lines.append(
                f"    online: {source['codec']} {size}, {source['fps']:g} per second, {how}"
            )
        else:
            lines.append(f"    {source['state']}: {source['reason'] or 'It was not seen yet.'}")
    if not found["sources"]:
        lines.append("  None yet.")
    return lines
