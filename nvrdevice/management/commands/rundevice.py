"""rundevice: the device itself. Checks, starts the other processes and keeps them running."""

import asyncio
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from nvrdevice import state
from nvrdevice.accounts import book, bootstrap, policy, setup
from nvrdevice.audit import trail
from nvrdevice.lib import environment
from nvrdevice.management import database, greeting, readiness
from nvrdevice.media import sources
from nvrdevice.system import backends, interfaces


class Command(BaseCommand):
    help = "Run the device: discovery, schedules, motion, and the web and media processes."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source",
            action="append",
            default=[],
            metavar="URI",
            help="test:, file:///clip.mp4, rtsp://user:password@host/path, v4l2:/dev/video0 or "
            "libcamera:; may be repeated",
        )
        parser.add_argument(
            "--no-children",
            action="store_true",
            help="the web and media processes are run by somebody else, as under systemd",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        children = not options["no_children"]
        readiness.check_machine()
        readiness.check_packages()
        for uri in options["source"]:
            sources.parse_uri(uri)
        environment.make_folder(settings.NVR_RUN_DIR)
        held = readiness.lock_folder(settings.NVR_RUN_DIR)
        if children:
            readiness.check_port(
                settings.SERVICE_HOST, settings.SERVICE_PORT, "SERVICE_PORT", "web and ONVIF"
            )
            readiness.check_port(settings.SERVICE_HOST, settings.RTSP_PORT, "RTSP_PORT", "RTSP")
        database.bring_up_to_date()
        state.Store(settings.NVR_CONFIG_DIR).create_missing()
        bootstrap.ensure_first_account()
        backends.clock()  # probed now: the log says where it is simulated
        if options["source"]:
            sources.set_sources(options["source"], by=trail.DEVICE)
        else:
            sources.settle()
        from nvrdevice.management.device import Device

        try:
            asyncio.run(Device(children=children, ready=self._greet).run())
        finally:
            held.close()

    def _greet(self) -> None:
        found = setup.state()
        first = found.bootstrap_password and not os.environ.get(bootstrap.VARIABLE)
        told = greeting.lines(
            interfaces.usable(),
            host=settings.SERVICE_HOST,
            port=settings.SERVICE_PORT,
            rtsp_port=settings.RTSP_PORT,
            account=found.username if found.bootstrap_password else "",
            default_password=policy.FIRST_PASSWORD if first and _is_default(found.username) else "",
        )
        self.stdout.write("\n".join(told))
        self.stdout.flush()


def _is_default(username: str) -> bool:
    account = book.find(username)
    return account is not None and book.password_of(account) == policy.FIRST_PASSWORD
