"""runweb: the web process. SOAP, snapshots, REST, pages and WebSockets, over HTTP and HTTPS."""

import asyncio
import logging
import resource
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from nvrdevice import clients
from nvrdevice.accounts import clock_window, gate, username_token
from nvrdevice.events import waiting
from nvrdevice.lib import afterwards, glance, home, service_notice
from nvrdevice.management.web_server import shutdown, sockets
from nvrdevice.management.web_server.limits import LIMITS
from nvrdevice.system.clock_trust import ClockTrust

log = logging.getLogger(__name__)

# A connection is one descriptor; files, database and sockets between processes need the rest.
DESCRIPTORS = LIMITS.connections + 500
# What this process changes counts at once. What others do comes from a command or an editor, and
# nobody hears of their end within this.
LOOK_S = 0.01


class Command(BaseCommand):
    help = "Serve SOAP, REST, pages and WebSockets on SERVICE_HOST:SERVICE_PORT."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        opened = sockets.listen(settings.SERVICE_HOST, settings.SERVICE_PORT)
        _raise_descriptor_limit()
        # Importing Daphne installs Twisted's reactor: only here, and only once.
        from nvrdevice.management.web_server.server import WebServer
        from nvrdevice.management.web_server.tls_port import TlsPort

        # A waiting PullMessages is answered empty when the process ends.
        shutdown.on_shutdown.append(waiting.close)
        shutdown.on_shutdown.append(_say_stopping)
        glance.share_for(LOOK_S)
        clients.keep_book()
        gate.share()
        clock_window.trust_when(ClockTrust())
        home.line().listen("web")
        application = import_string(settings.ASGI_APPLICATION)
        try:
            https = TlsPort(settings.SERVICE_HOST, settings.HTTPS_PORT)
            WebServer(application, opened, https=https, ready=_say_ready).run()
        finally:
            afterwards.gather(None)
            clients.stop()


def _say_ready() -> None:
    from twisted.internet import task

    loop = asyncio.get_event_loop()
    afterwards.gather(loop.call_later)
    username_token.gather(loop.call_soon)
    log.info("The web process serves %s port %s.", settings.SERVICE_HOST, settings.SERVICE_PORT)
    service_notice.tell(service_notice.READY)
    if (beat_s := service_notice.beat_s()) is not None:
        # In the reactor itself: one that hangs stops beating.
        task.LoopingCall(service_notice.tell, service_notice.ALIVE).start(beat_s)


def _say_stopping() -> None:
    service_notice.tell(service_notice.STOPPING)


def _raise_descriptor_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
