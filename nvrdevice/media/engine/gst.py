"""The one place that loads GStreamer, and the check that all its parts are there."""

import functools
import logging
import os
from typing import Any

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.engine import heap

# Debian's GnuTLS would still speak TLS 1.0 and 1.1; it reads this when the first TLS begins.
os.environ.setdefault("G_TLS_GNUTLS_PRIORITY", "NORMAL:%COMPAT:-VERS-TLS1.0:-VERS-TLS1.1")

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstApp", "1.0")  # without it appsink has no pull_sample
    gi.require_version("GstVideo", "1.0")
    gi.require_version("GstRtsp", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import Gio, GLib, GObject, Gst, GstApp, GstRtsp, GstRtspServer, GstVideo
except (ImportError, ValueError) as error:
    raise DeviceError(
        Kind.UNAVAILABLE,
        f"GStreamer cannot be loaded ({error}). Install the Debian packages python3-gi, "
        "gir1.2-gst-plugins-base-1.0 and gir1.2-gst-rtsp-server-1.0, and make the Python "
        "environment with /usr/bin/python3 and --system-site-packages.",
    ) from None

log = logging.getLogger(__name__)

__all__ = ["GLib", "GObject", "Gio", "Gst", "GstApp", "GstRtsp", "GstRtspServer", "GstVideo"]

BASE, GOOD = "gstreamer1.0-plugins-base", "gstreamer1.0-plugins-good"
BAD, UGLY = "gstreamer1.0-plugins-bad", "gstreamer1.0-plugins-ugly"
PACKAGES = {
    BASE: ("appsrc", "appsink", "videotestsrc", "videoconvert", "videoscale", "decodebin"),
    GOOD: (
        "rtph264pay",
        "rtph264depay",
        "rtpjpegpay",
        "rtpbin",
        "rtspsrc",
        "jpegenc",
        "qtdemux",
        "udpsink",
    ),
    BAD: ("h264parse", "h265parse"),
    UGLY: ("x264enc",),
    "gstreamer1.0-x": ("clockoverlay",),
    "gstreamer1.0-libav": ("avdec_h264",),
}

CLASSES = (
    (Gst, "Element Bin Pipeline Pad GhostPad Bus Message Clock SystemClock ElementFactory"),
    (Gst, "Sample Buffer BufferFlags BufferCopyFlags Caps CapsFeatures Structure Segment Event"),
    (Gst, "Memory Query Format State FlowReturn MessageType StateChangeReturn SeekFlags"),
    (GstApp, "AppSink AppSrc"),
    (GstRtsp, "RTSPMessage RTSPUrl RTSPConnection RTSPTransport RTSPHeaderField RTSPResult"),
    (GstRtspServer, "RTSPClient RTSPContext RTSPSession RTSPSessionMedia RTSPSessionPool"),
    (GstRtspServer, "RTSPMedia RTSPStream RTSPStreamTransport RTSPToken RTSPFilterResult"),
    (GLib, "Error"),
)


def start() -> None:
    """Initialise once; DeviceError(UNAVAILABLE) names the Debian package that is missing."""
    heap.bound()
    Gst.init(None)
    _make_classes()
    for level in (GLib.LogLevelFlags.LEVEL_WARNING, GLib.LogLevelFlags.LEVEL_CRITICAL):
        GLib.log_set_handler("GStreamer", level, _log, None)
    for package, elements in PACKAGES.items():
        for element in elements:
            if Gst.ElementFactory.find(element) is None:
                raise DeviceError(
                    Kind.UNAVAILABLE,
                    f"GStreamer's element {element} is missing: apt install {package}",
                )


def _make_classes() -> None:
    """Python's classes are made when first used, and of two threads that do so at once one may
    get a class without its methods: several sources open at the same moment."""
    for module, names in CLASSES:
        for name in names.split():
            getattr(module, name)


def _log(domain: str, _level: Any, text: str, _data: Any) -> None:
    # The RTSP server brings a "sticky event misordering" with every UDP client; it is harmless.
    log.info("%s: %s", domain, text)


@functools.cache
def clock() -> Any:
    """The monotonic clock every pipeline of this process uses (time.monotonic_ns)."""
    return Gst.SystemClock.obtain()
