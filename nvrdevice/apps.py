"""The one Django app: opens the state store and makes every noun's declarations known."""

import importlib

from django.apps import AppConfig
from django.conf import settings

# Modules whose import declares sections of the YAML documents or event topics.
DECLARATIONS: tuple[str, ...] = (
    "nvrdevice.clients.proxies",
    "nvrdevice.accounts.settings",
    "nvrdevice.system.identity",
    "nvrdevice.system.interfaces",
    "nvrdevice.discovery.scopes",
    "nvrdevice.media.settings",
    "nvrdevice.media.topics",
    "nvrdevice.events.pipeline",
    "nvrdevice.events.pruning",
    "nvrdevice.motion.settings",
    "nvrdevice.motion.topics",
    "nvrdevice.ptz.settings",
    "nvrdevice.schedules.settings",
    "nvrdevice.schedules.topics",
    "nvrdevice.digital_io.settings",
    "nvrdevice.digital_io.topics",
    "nvrdevice.recordings.settings",
    "nvrdevice.recordings.topics",
    "nvrdevice.rules.settings",
    "nvrdevice.rules.topics",
    "nvrdevice.rules.book",
    "nvrdevice.management.topics",
    "nvrdevice.system.first_setup",
)


class NvrDevice(AppConfig):
    name = "nvrdevice"
    verbose_name = "NVR Device"

    def ready(self) -> None:
        from nvrdevice import state
        from nvrdevice.lib import home

        state.use(state.Store(settings.NVR_CONFIG_DIR, changed=lambda _: home.ring("state")))
        for name in (*DECLARATIONS, "nvrdevice.checks"):
            importlib.import_module(name)
