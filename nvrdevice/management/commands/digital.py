"""./nvr manage digital: the digital inputs and outputs, listed and switched.

The running device switches; without it the list tells what the journal said last.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from nvrdevice.digital_io import channels
from nvrdevice.digital_io.channels import ChannelNow
from nvrdevice.digital_io.settings import DIRECTIONS, INPUT
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.management import database
from nvrdevice.management.actor import actor


class Command(BaseCommand):
    help = "List and switch the digital inputs and outputs of this device."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True, metavar="list|set|pulse")
        listing = what.add_parser("list", help="every channel and its state")
        switch = what.add_parser("set", help="raise or lower an input, switch an output")
        switch.add_argument("direction", choices=DIRECTIONS)
        switch.add_argument("channel", type=int)
        switch.add_argument("state", choices=("on", "off"))
        pulse = what.add_parser("pulse", help="an output on for its delay")
        pulse.add_argument("channel", type=int)
        for command in (listing, switch, pulse):
            command.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if not database.is_made():
                raise DeviceError(
                    Kind.UNAVAILABLE, "Start the device once with ./nvr run: nothing is known yet."
                )
            getattr(self, "_" + options["what"])(options)
        except DeviceError as error:
            if options["json"]:
                told = {"kind": error.kind.value, "text": error.text, "field": error.field}
                self.stdout.write(json.dumps({"error": told}))
            raise

    def _list(self, options: dict[str, Any]) -> None:
        found = channels.everything()
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(one) for one in found], indent=2))
            return
        rows = [
            (one.token, one.setting.name, _state(one), one.problem or one.kind) for one in found
        ]
        widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)]
            self.stdout.write("  ".join([*cells, row[3]]).rstrip())

    def _set(self, options: dict[str, Any]) -> None:
        direction, number = options["direction"], options["channel"]
        found = channels.set_state(direction, number, active=options["state"] == "on", by=actor())
        self._done(options, direction, number, on=found)

    def _pulse(self, options: dict[str, Any]) -> None:
        found = channels.pulse(options["channel"], by=actor())
        self._done(options, "output", options["channel"], on=found)

    def _done(self, options: dict[str, Any], direction: str, number: int, *, on: bool) -> None:
        if options["json"]:
            told = {"direction": direction, "channel_id": number, "state": on}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{direction} {number} is {_words(direction, on=on)}.")


def _state(one: ChannelNow) -> str:
    return _words(one.setting.direction, on=one.state)


def _words(direction: str, *, on: bool) -> str:
    if direction == INPUT:
        return "raised" if on else "quiet"
    return "on" if on else "off"


def _as_json(one: ChannelNow) -> dict[str, Any]:
    return {
        "channel_id": one.setting.channel_id,
        "direction": one.setting.direction,
        "name": one.setting.name,
        "state": one.state,
        "kind": one.kind,
        "problem": one.problem,
    }
