"""RTSP cameras with a fault each, as a process of its own: prints its two ports, then serves.

The first port asks nobody for a password: /jpeg has no H.264, /nokey never sends a key picture.
The second wants joe and right for /live.
"""

import sys
from typing import Any

from nvrdevice.media.engine import gst
from nvrdevice.media.engine.gst import GLib, Gst, GstRtspServer

PICTURE = "videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=10/1"
H264 = f"{PICTURE} ! x264enc tune=zerolatency key-int-max=9999 ! h264parse name=coded"
ROLE = "viewer,media.factory.access=(boolean)true,media.factory.construct=(boolean)true"


def factory(elements: str) -> Any:
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(f"( {elements} name=pay0 )")
    return made


def without_key_pictures(_factory: Any, media: Any) -> None:
    def look(_pad: Any, info: Any) -> Any:
        delta = info.get_buffer().has_flags(Gst.BufferFlags.DELTA_UNIT)
        return Gst.PadProbeReturn.OK if delta else Gst.PadProbeReturn.DROP

    pad = media.get_element().get_by_name("coded").get_static_pad("src")
    pad.add_probe(Gst.PadProbeType.BUFFER, look)


def server(**mounts: Any) -> Any:
    made = GstRtspServer.RTSPServer()
    made.set_address("127.0.0.1")
    made.set_service("0")
    for name, found in mounts.items():
        made.get_mount_points().add_factory(f"/{name}", found)
    return made


def main() -> None:
    gst.start()
    broken = factory(f"{H264} ! rtph264pay pt=96")
    broken.connect("media-configure", without_key_pictures)
    open_ = server(jpeg=factory(f"{PICTURE} ! jpegenc ! rtpjpegpay"), nokey=broken)
    live = factory(f"{H264} ! rtph264pay pt=96")
    live.add_role_from_structure(Gst.Structure.new_from_string(ROLE))
    locked = server(live=live)
    auth, token = GstRtspServer.RTSPAuth(), GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic("joe", "right"), token)
    locked.set_auth(auth)
    for one in (open_, locked):
        one.attach(None)
    sys.stdout.write(f"{open_.get_bound_port()} {locked.get_bound_port()}\n")
    sys.stdout.flush()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
