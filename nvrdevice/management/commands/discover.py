"""discover: the ONVIF devices on the network, with their stream addresses.

Nobody's password leaves this machine in readable form: devices get a digest of it.
"""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from nvrdevice.discovery import enquiry, search
from nvrdevice.discovery.enquiry import Told
from nvrdevice.discovery.matches import Match
from nvrdevice.discovery.questions import Login
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.management import passwords
from nvrdevice.system import identity, interfaces
from nvrdevice.system.interfaces import Interface

LONGEST_WAIT_S = 60.0
CLOCK_TOLD_S = 5.0  # from here on NVRs and cameras begin to refuse one another


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0.5 <= found <= LONGEST_WAIT_S:
        raise ArgumentTypeError(f"give seconds from 0.5 to {LONGEST_WAIT_S:g}")
    return found


class Command(BaseCommand):
    help = "List the ONVIF devices on the network with their stream addresses."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", metavar="NAME", help="a user of the devices to be asked")
        parser.add_argument(
            "--password",
            nargs="?",
            const=passwords.ASK,
            default=passwords.ASK,
            help="asked for, or read from standard input, where no value is given",
        )
        parser.add_argument("--interface", metavar="NAME", help="ask by this one only")
        parser.add_argument("--wait", type=_seconds, default=search.WAIT_S, metavar="SECONDS")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        login = None
        if options["user"]:
            login = Login(options["user"], passwords.given(options["password"]))
        asked_by = _interfaces(options["interface"])
        found = search.search(asked_by, settings.DISCOVERY_PORT, wait_s=options["wait"])
        told = enquiry.enquire_all(found, login)
        pairs = list(zip(found, told, strict=True))
        if options["json"]:
            self.stdout.write(
                json.dumps({"devices": [_as_json(*pair) for pair in pairs]}, indent=2)
            )
        else:
            self.stdout.write("\n".join(_lines(pairs, asked_by)))


def _interfaces(name: str | None) -> tuple[Interface, ...]:
    if name is None:
        return interfaces.usable()
    every = interfaces.list_interfaces()
    chosen = tuple(each for each in every if each.name == name)
    if not chosen:
        names = ", ".join(each.name for each in every)
        raise DeviceError(
            Kind.INVALID, f"There is no interface {name[:32]!r} here: give one of {names}."
        )
    return chosen


def _as_json(match: Match, told: Told) -> dict[str, Any]:
    return {
        "endpoint": match.endpoint,
        "name": match.said("name"),
        "hardware": match.said("hardware"),
        "location": match.said("location"),
        "addresses": list(match.xaddrs),
        "this_device": _is_this(match),
        **asdict(told),
    }


def _is_this(match: Match) -> bool:
    return match.endpoint == identity.endpoint()


def _lines(pairs: list[tuple[Match, Told]], asked_by: tuple[Interface, ...]) -> list[str]:
    if not pairs:
        names = ", ".join(each.name for each in asked_by)
        return [f"No ONVIF device answered on {names}. Is discovery switched on in the camera?"]
    lines: list[str] = []
    for match, told in pairs:
        name = match.said("name") or match.said("hardware") or told.model or "Unnamed device"
        lines.append(f"{name} (this device)" if _is_this(match) else name)
        lines.append(f"  {told.address or ' '.join(match.xaddrs[:3]) or match.endpoint}")
        if made := " ".join(filter(None, (told.manufacturer, told.model, told.firmware))):
            lines.append(f"  {made}")
        lines += [f"  {_stream(stream)}" for stream in told.streams]
        if told.clock_offset_s is not None and abs(told.clock_offset_s) >= CLOCK_TOLD_S:
            way = "ahead of" if told.clock_offset_s > 0 else "behind"
            lines.append(f"  Its clock is {abs(told.clock_offset_s):.0f} s {way} this machine's.")
        if told.trouble:
            lines.append(f"  {told.trouble}")
        lines.append("")
    return lines[:-1]


def _stream(stream: enquiry.Stream) -> str:
    size = f"{stream.width} x {stream.height}" if stream.width else ""
    rate = f"{stream.fps:g} per second" if stream.fps else ""
    kind = ", ".join(filter(None, (f"{stream.encoding} {size}".strip(), rate)))
    return f"{stream.token}  {kind}  {stream.uri or 'no address told'}"
