"""The media process: capture, RTSP server, snapshots, recorder. Ends on SIGTERM or SIGINT."""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from nvrdevice import clients
from nvrdevice.accounts import REALM, gate, rtsp
from nvrdevice.audit import trail
from nvrdevice.lib import home, service_notice
from nvrdevice.lib.answering import Answering
from nvrdevice.media import sources
from nvrdevice.media.settings import MAX_SOURCES
from nvrdevice.ptz import answers as ptz_answers
from nvrdevice.ptz.control import HEADS
from nvrdevice.ptz.heads import Heads
from nvrdevice.system import tls
from nvrdevice.system.machine_root import is_simulated

log = logging.getLogger(__name__)

LOOK_S = 10.0  # rings can get lost: a look now and then costs nothing


class Command(BaseCommand):
    help = "Capture, RTSP server and snapshots; rundevice starts it, systemd can too."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--source",
            action="append",
            default=[],
            help="test:, file:///…, rtsp://…, v4l2:/dev/video0 or libcamera:; repeatable",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        # gi loads here, so that every other command works without GStreamer.
        from nvrdevice.media.engine import gst, local_cameras
        from nvrdevice.media.engine.engine import Engine
        from nvrdevice.media.engine.gst import GLib
        from nvrdevice.media.engine.live_feed import finder
        from nvrdevice.media.engine.pipeline import later
        from nvrdevice.recordings.recorder import Recorder

        gst.start()
        if options["source"]:
            sources.set_sources(options["source"], trail.DEVICE)
        elif sources.untouched() and (cameras := local_cameras.find()):
            log.info("first start: the cameras of this machine are %s", ", ".join(cameras))
            sources.set_sources(cameras[:MAX_SOURCES], trail.DEVICE)
        else:
            sources.settle()
        heads = Heads(lambda source: engine.made_here(source), simulated=is_simulated())
        engine = Engine(
            settings.RTSP_PORT,
            REALM,
            rtsp.logins,
            tls_port=settings.RTSPS_PORT,
            certificate=tls.files,
            aim=heads.crop,
        )
        moves = Answering(HEADS, ptz_answers.Answers(heads).handlers())
        recorder = Recorder(finder(engine.profile, engine.channel))
        loop = GLib.MainLoop()
        for number in (signal.SIGTERM, signal.SIGINT):
            GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, loop.quit)
        stopping = threading.Event()

        def listen() -> None:
            bell = home.bell("media")
            while not stopping.is_set():
                rung = bell.wait(LOOK_S)
                if rung & {"journal", "state", "media"}:
                    recorder.look()
                if not rung or "accounts" in rung:
                    later(engine.refresh_logins)
                if not rung or "certificate" in rung:
                    later(engine.refresh_certificate)
                if not rung or "state" in rung:
                    later(engine.reload)
                    try:
                        heads.look()
                    except Exception:  # nobody else would hear the bell
                        log.exception("the heads could not be set up anew")

        clients.report(streams=True)
        gate.share()
        home.line().listen("media")
        engine.start()
        heads.start()
        moves.start()
        recorder.start()
        threading.Thread(target=listen, name="bell", daemon=True).start()
        log.info("media process runs, RTSP on port %d", settings.RTSP_PORT)
        service_notice.tell(service_notice.READY)
        if (beat_s := service_notice.beat_s()) is not None:
            # In the main loop itself: one that hangs stops beating.
            GLib.timeout_add(max(1, int(beat_s * 1000)), _beat)
        try:
            loop.run()
        finally:
            service_notice.tell(service_notice.STOPPING)
            stopping.set()
            moves.stop()
            heads.stop()
            recorder.stop()
            engine.stop()


def _beat() -> bool:
    service_notice.tell(service_notice.ALIVE)
    return True  # and again
