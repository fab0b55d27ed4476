"""Write config/*.example.yaml and docs/ref from what the code declares."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from nvrdevice import state
from nvrdevice.events import reference as topics_reference
from nvrdevice.state.reference import example, reference

INTRODUCTION = """# Configuration

Written from the declarations in the code by `./nvr manage writereference`; do not edit it here.
Each document is a YAML file in the configuration folder (`./config`, or `NVR_CONFIG_DIR`). An edit
counts at once. A file that does not load is named in a warning, and its last good copy serves.
"""


class Command(BaseCommand):
    help = "Write the example files and the reference pages from what the code declares."

    def handle(self, *_: Any, **__: Any) -> None:
        base = settings.BASE_DIR
        for document in state.document_names():
            target = base / "config" / document.replace(".yaml", ".example.yaml")
            target.write_text(example(document))
        (base / "docs" / "ref" / "configuration.md").write_text(configuration_page())
        (base / "docs" / "ref" / "topics.md").write_text(topics_reference.page())
        for name in settings.REFERENCE_WRITERS:
            import_string(name)()


def configuration_page() -> str:
    return "\n".join([INTRODUCTION, *(reference(document) for document in state.document_names())])
