"""What the media process answers to "try_source" and "cameras"; runs in its request workers."""

import threading
from dataclasses import asdict
from functools import partial
from typing import Any

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.media.engine import local_cameras, trial
from nvrdevice.media.engine.captures import capture_of
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.settings import Source

CAMERA_REMEDIES = {
    Reason.NAME_NOT_FOUND: "Check its spelling, or give the camera's IP address.",
    Reason.REFUSED: "Check the address and its port, and that RTSP is switched on in the camera.",
    Reason.WRONG_PASSWORD: "Check both; some cameras have accounts of their own for RTSP.",
    Reason.NO_SUCH_PATH: "The camera's manual, or its ONVIF page, names the path.",
    Reason.WRONG_CODEC: "Set the camera to H.264 or H.265, or name another of its streams.",
    Reason.NO_KEY_FRAME: "Set a shorter key frame interval in the camera, such as two seconds.",
    Reason.TIMEOUT: "Check that the camera is on and can be reached from this device's network.",
    Reason.BROKE_OFF: "Try again; if it stays so, another of its streams may work.",
}


class TrialAnswers:
    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._ending = threading.Event()

    def try_source(self, arguments: dict[str, Any]) -> Reply:
        """uri, sealed_login → what it is and a picture; INVALID with the reason and a remedy.

        measure_s: play so long and tell the rates that were seen.
        """
        uri = str(arguments.get("uri", ""))
        sealed = str(arguments.get("sealed_login", ""))
        source = Source(token="trial", uri=uri, sealed_login=sealed)  # noqa: S106 - a name
        try:
            found = trial.try_capture(
                partial(capture_of, source, agent=trial.AGENT),
                measure_s=float(arguments.get("measure_s", 0.0)),
                ending=self._ending,
            )
        except Lost as lost:
            raise _refusal(lost, uri) from None
        values = asdict(found)
        picture = values.pop("picture")
        return Reply(values, picture)

    def cameras(self, _arguments: dict[str, Any]) -> Reply:
        """The cameras of this machine; each is opened and asked, by one who asks at a time."""
        with self._looking:
            found = local_cameras.look()
        told = [{"uri": one.uri, "name": one.name, "trouble": one.trouble} for one in found]
        return Reply({"cameras": told})

    def stop(self) -> None:
        """What is under way ends at once."""
        self._ending.set()


def _refusal(lost: Lost, uri: str) -> DeviceError:
    words = lost.sentence[:1].upper() + lost.sentence[1:]
    if not words.endswith((".", "?")):
        words += "."
    if uri.startswith("rtsp:"):
        words += f" {CAMERA_REMEDIES[lost.reason]}"
    field = "password" if lost.reason is Reason.WRONG_PASSWORD else "uri"
    return DeviceError(Kind.INVALID, words, field=field)
