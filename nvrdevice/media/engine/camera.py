"""The source `rtsp://`: another camera's own stream, taken over TCP and passed through.

The login goes to rtspsrc as properties and into no address, message or log.
"""

import queue
import threading
import time
from typing import Any

from nvrdevice.media.engine.camera_check import reach
from nvrdevice.media.engine.clip_examination import estimated_fps
from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.hub import AccessUnit, StreamFormat
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Outlet
from nvrdevice.media.engine.pacing import CameraTimeline
from nvrdevice.media.engine.pipeline import Pipeline, Taken, bin_of, unit_bytes
from nvrdevice.media.engine.video_caps import MEDIA, PARSERS, stream_format

Login = tuple[str, str]
AGENT = "nvrdevice"

OPEN_S = 15.0  # from PLAY to the first access unit
SILENCE_S = 5.0
KEY_WAIT_S = 15.0
POLL_S = 0.2
RATE_UNITS = 13  # how many tell the rate of a camera that does not name it
DEPAYLOADERS = {"H264": "rtph264depay", "H265": "rtph265depay"}
NO_VIDEO = "the camera offers no H.264 or H.265 video on this path"


class Camera:
    def __init__(self, uri: str, login: Login | None, agent: str = AGENT) -> None:
        self._uri, self._login, self._agent = uri, login, agent

    def run(self, outlet: Outlet, stop: threading.Event) -> None:
        reach(self._uri)
        _Session(self._uri, self._login, self._agent).run(outlet, stop)


class _Session:
    """One connection, from DESCRIBE until it is lost."""

    def __init__(self, uri: str, login: Login | None, agent: str) -> None:
        self._failures: queue.SimpleQueue[Lost] = queue.SimpleQueue()
        self._offered: list[str] = []
        self._pipeline = Pipeline("rtspsrc name=camera", failed=self._on_error)
        self._out: Any = None
        self._linked = threading.Event()
        self._line = CameraTimeline()
        camera = self._pipeline["camera"]
        for name, value in {
            "location": uri,
            "latency": 0,
            "buffer-mode": 0,  # the camera's own times; CameraTimeline follows its drift
            "tcp-timeout": int(SILENCE_S * 1e6),
            "teardown-timeout": Gst.SECOND // 5,
            "user-agent": agent,
        }.items():
            camera.set_property(name, value)
        camera.set_property("protocols", 4)  # GstRtsp.RTSPLowerTrans.TCP
        if login is not None:
            camera.set_property("user-id", login[0])
            camera.set_property("user-pw", login[1])
        self._pipeline.connect("camera", "select-stream", self._on_stream)
        self._pipeline.connect("camera", "pad-added", self._on_pad)

    def run(self, outlet: Outlet, stop: threading.Event) -> None:
        self._pipeline.play()
        try:
            held, found = self._open(stop)
            if stop.is_set():
                return
            outlet.open_encoded(found)
            for unit in held:
                outlet.unit(unit)
            while not stop.is_set():
                taken = self._pull(SILENCE_S, stop)
                if taken is not None:
                    self._hand_on(taken, found, outlet)
        finally:
            self._pipeline.stop()

    def _hand_on(self, taken: Taken, found: StreamFormat, outlet: Outlet) -> None:
        now = stream_format(taken.caps, fps=found.fps)
        if not now.same_picture(found):
            raise Lost(Reason.BROKE_OFF, "the camera changed its picture, it is opened anew")
        outlet.unit(self._unit(taken))

    def _open(self, stop: threading.Event) -> tuple[list[AccessUnit], StreamFormat]:
        """Up to the first key frame, and a few units more where the rate is not told."""
        deadline_s = time.monotonic() + OPEN_S
        while not self._linked.wait(POLL_S) and not stop.is_set():
            self._raise_failure()
            if time.monotonic() > deadline_s:
                raise Lost(Reason.TIMEOUT, "the camera accepted the connection and sends no video")
        held: list[AccessUnit] = []
        key_deadline_s = time.monotonic() + KEY_WAIT_S
        while not stop.is_set():
            taken = self._pull(SILENCE_S, stop)
            if taken is None:
                continue
            unit = self._unit(taken)
            if unit.key or held:
                held.append(unit)
                found = stream_format(taken.caps)
                if found.fps >= 1 or len(held) >= RATE_UNITS:
                    return held, found if found.fps >= 1 else stream_format(
                        taken.caps, fps=estimated_fps([one.time_ns for one in held]) or 25.0
                    )
            elif time.monotonic() > key_deadline_s:
                raise Lost(Reason.NO_KEY_FRAME, f"no key frame came in {KEY_WAIT_S:g} s")
        return held, StreamFormat(codec="H264", width=0, height=0, fps=0.0)

    def _unit(self, taken: Taken) -> AccessUnit:
        now_ns = time.monotonic_ns()
        time_ns = now_ns if taken.time_ns is None else self._line.place(taken.time_ns, now_ns)
        return AccessUnit(
            data=unit_bytes(taken.buffer),
            time_ns=time_ns,
            wall_ns=time.time_ns() - (now_ns - time_ns),
            key=not taken.buffer.has_flags(Gst.BufferFlags.DELTA_UNIT),
        )

    def _pull(self, timeout_s: float, stop: threading.Event) -> Taken | None:
        deadline_s = time.monotonic() + timeout_s
        while not stop.is_set():
            taken = self._pipeline.pull(self._out, POLL_S)
            if taken is not None:
                return taken
            self._raise_failure()
            if self._out.is_eos():
                raise Lost(Reason.BROKE_OFF, "the camera ended the stream")
            if time.monotonic() > deadline_s:
                raise Lost(Reason.TIMEOUT, f"the camera sent nothing for {timeout_s:g} s")
        return None

    def _raise_failure(self) -> None:
        if not self._failures.empty():
            raise self._failures.get()

    def _on_stream(self, _camera: Any, _number: int, caps: Any) -> bool:
        structure = caps.get_structure(0)
        codec = structure.get_string("encoding-name") or ""
        if structure.get_string("media") == "video":
            self._offered.append(codec)
        # The first stream we can read; audio and metadata are not set up at all.
        return (
            codec in DEPAYLOADERS
            and self._offered.count(codec) == 1
            and (next(one for one in self._offered if one in DEPAYLOADERS) == codec)
        )

    def _on_pad(self, _camera: Any, pad: Any) -> None:
        caps = pad.get_current_caps() or pad.query_caps(None)
        codec = caps.get_structure(0).get_string("encoding-name")
        if codec not in DEPAYLOADERS or self._linked.is_set():
            return
        end = bin_of(
            f"{DEPAYLOADERS[codec]} ! {PARSERS[codec]} config-interval=-1 ! "
            f"{MEDIA[codec]},stream-format=byte-stream,alignment=au ! "
            "appsink name=out sync=false max-buffers=60 drop=true"
        )
        self._pipeline.element.add(end)
        end.sync_state_with_parent()
        pad.link(end.get_static_pad("sink"))
        self._out = end.get_by_name("out")
        self._linked.set()

    def _on_error(self, domain: str, code: int, text: str) -> None:
        self._failures.put(self._lost(domain, code, text))

    def _lost(self, domain: str, code: int, text: str) -> Lost:
        if domain == "gst-resource-error-quark":
            if code == Gst.ResourceError.NOT_AUTHORIZED:
                return Lost(Reason.WRONG_PASSWORD, "the camera refuses this user and password")
            if code == Gst.ResourceError.NOT_FOUND:
                return Lost(Reason.NO_SUCH_PATH, "the camera has no stream on this path")
        if self._offered and not any(one in DEPAYLOADERS for one in self._offered):
            offered = ", ".join(self._offered)[:60]
            return Lost(Reason.WRONG_CODEC, f"{NO_VIDEO}, only {offered}")
        if domain == "gst-stream-error-quark" and code == Gst.StreamError.CODEC_NOT_FOUND:
            return Lost(Reason.WRONG_CODEC, NO_VIDEO)
        if "imeout" in text:
            return Lost(Reason.TIMEOUT, f"the camera did not answer for {SILENCE_S:g} s")
        return Lost(Reason.BROKE_OFF, text)
