"""rundevice: the device itself. Checks, starts the other processes and keeps them running."""

import asyncio
import os
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from nvrdevice import state
from nvrdevice.accounts import book, bootstrap, policy, setup
from nvrdevice.audit import trail
from nvrdevice.lib import environment
from nvrdevice.lib.errors import DeviceError
from nvrdevice.management import database, greeting, prefork, readiness
from nvrdevice.management.device import CHILDREN, Device
from nvrdevice.media import sources
from nvrdevice.system import backends, interfaces, protocols, tls


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
        # Before anything is opened: a fork would hold it too.
        forks = prefork.fork(CHILDREN.values()) if children else None
        for uri in options["source"]:
            sources.parse_uri(uri)
        environment.make_folder(settings.NVR_RUN_DIR)
        held = readiness.lock_folder(settings.NVR_RUN_DIR)
        if children:
            readiness.check_port(
                settings.SERVICE_HOST, settings.SERVICE_PORT, "SERVICE_PORT", "web and ONVIF"
            )
            readiness.check_port(settings.SERVICE_HOST, settings.RTSP_PORT, "RTSP_PORT", "RTSP")
            for port, variable, what in (
                (settings.HTTPS_PORT, "HTTPS_PORT", "HTTPS"),
                (settings.RTSPS_PORT, "RTSPS_PORT", "RTSPS"),
            ):
                self._warn_of(readiness.check_port, settings.SERVICE_HOST, port, variable, what)
        database.bring_up_to_date()
        state.Store(settings.NVR_CONFIG_DIR).create_missing()
        bootstrap.ensure_first_account()
        self._warn_of(tls.ensure)
        backends.clock()  # probed now: the log says where it is simulated
        if options["source"]:
            sources.set_sources(options["source"], by=trail.DEVICE)
        else:
            sources.settle()
        try:
            asyncio.run(Device(ready=self._greet, forks=forks).run())
        finally:
            held.close()
            if forks is not None:
                forks.close()

    def _warn_of(self, act: Callable[..., object], *arguments: object) -> None:
        """What is wrong with TLS is said, and the device starts without it."""
        try:
            act(*arguments)
        except DeviceError as error:
            self.stderr.write(f"nvr: {error.text}")

    def _greet(self) -> None:
        found = setup.state()
        first = found.bootstrap_password and not os.environ.get(bootstrap.VARIABLE)
        told = greeting.lines(
            interfaces.usable(),
            host=settings.SERVICE_HOST,
            port=settings.SERVICE_PORT,
            https_port=(https_port := _https_port()),
            https_only=bool(https_port) and tls.mode() == tls.REQUIRED,
            rtsp_port=settings.RTSP_PORT,
            rtsps_port=settings.RTSPS_PORT if protocols.listening(settings.RTSPS_PORT) else 0,
            account=found.username if found.bootstrap_password else "",
            default_password=policy.FIRST_PASSWORD if first and _is_default(found.username) else "",
        )
        self.stdout.write("\n".join(told))
        self.stdout.flush()


def _https_port() -> int:
    """The port of HTTPS where it is served, else 0."""
    served = tls.mode() != tls.OFF and protocols.listening(settings.HTTPS_PORT)
    return settings.HTTPS_PORT if served else 0


def _is_default(username: str) -> bool:
    account = book.find(username)
    return account is not None and book.password_of(account) == policy.FIRST_PASSWORD
