"""The device's checks as Django system checks, with ids and hints.

`./nvr manage checkdevice` shows them all; `./nvr manage check --deploy --tag device` is Django's
own way to the same. They open ports and files, so no other command runs them unasked.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning, register

TAG = "device"


@register(TAG, deploy=True)
def check_device(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    # What they look at is loaded only where somebody asks.
    from nvrdevice.health import Check, Level
    from nvrdevice.management import device_checks

    def message(found: Check) -> CheckMessage:
        kind = Error if found.level is Level.DANGER else Warning
        return kind(found.text, hint=found.fix or None, id=f"nvrdevice.{found.name}")

    return [message(found) for found in device_checks.report() if found.level is not Level.OK]
