"""Which cameras this machine has, for a first start without any source named.

Every video device is opened and asked; who offers no picture is none. Folders and the asking
are passed in, so that simulated machines can be looked at.
"""

import re
from collections.abc import Callable
from pathlib import Path

from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.local_camera import LocalCamera, libcamera, v4l2
from nvrdevice.media.engine.local_modes import Mode, best
from nvrdevice.media.engine.lost import Lost

NODE = re.compile(r"video\d{1,3}")
# Parts of a Pi's camera path: what they give are no pictures yet, libcamera makes them.
PARTS_OF_LIBCAMERA = ("unicam", "bcm2835-isp", "rp1-cfe", "pispbe", "rpivid", "bcm2835-codec")

Ask = Callable[[str], tuple[Mode, ...]]  # by source address; empty where there is no camera


def find(
    devices: Path = Path("/dev"),
    names: Path = Path("/sys/class/video4linux"),
    ask: Ask | None = None,
) -> list[str]:
    """The addresses of the cameras, libcamera's first, as --source would name them."""
    ask = ask or ask_gstreamer
    found = ["libcamera:"] if best(ask("libcamera:")) is not None else []
    for node in sorted(devices.glob("video*"), key=lambda path: (len(path.name), path.name)):
        if NODE.fullmatch(node.name) and not _is_part(names / node.name / "name"):
            uri = f"v4l2:{node}"
            if best(ask(uri)) is not None:
                found.append(uri)
    return found


def ask_gstreamer(uri: str) -> tuple[Mode, ...]:
    scheme, _, name = uri.partition(":")
    if scheme == "libcamera" and Gst.ElementFactory.find("libcamerasrc") is None:
        return ()
    opener = libcamera(name) if scheme == "libcamera" else v4l2(name)
    try:
        return LocalCamera(opener).modes()
    except Lost:
        return ()


def _is_part(name: Path) -> bool:
    try:
        return name.read_text().startswith(PARTS_OF_LIBCAMERA)
    except OSError:
        return False
