"""checkdevice: every check of this machine and this device, each with its remedy.

Exit code 0: all that the device is for works; 1: something does not.
"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from nvrdevice import health
from nvrdevice.health import Check, Level
from nvrdevice.management import device_checks

MARKS = {Level.OK: "ok     ", Level.WARN: "warning", Level.DANGER: "problem"}


class Command(BaseCommand):
    help = "Check this machine and this device, and say how to mend what is wrong."
    requires_system_checks = ()  # it runs them itself and shows what they find

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = device_checks.report()
        worst = health.worst(found)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found, worst), indent=2))
        else:
            self.stdout.write("\n".join(_lines(found)))
        if worst is Level.DANGER:
            sys.exit(1)


def _lines(found: list[Check]) -> list[str]:
    lines = []
    for check in found:
        lines.append(f"{MARKS[check.level]}  {check.text}")
        if check.fix:
            lines.append(f"{'':9}{check.fix}")
    counts = [sum(check.level is level for check in found) for level in Level]
    lines.append("")
    lines.append(f"{counts[0]} in order, {_count(counts[1], 'warning')}, {_problems(counts[2])}.")
    return lines


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _problems(number: int) -> str:
    return _count(number, "problem") if number else "no problem"


def _as_json(found: list[Check], worst: Level) -> dict[str, Any]:
    return {
        "status": worst.word,
        "checks": [
            {
                "id": f"nvrdevice.{check.name}",
                "status": check.level.word,
                "text": check.text,
                "fix": check.fix,
            }
            for check in found
        ],
    }
