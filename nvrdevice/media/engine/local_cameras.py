"""Which cameras this machine has, for a first start and for who asks what there is.

Every video device is opened and asked; who offers no picture is none. Folders and the asking
are passed in, so that simulated machines can be looked at.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nvrdevice.media.engine.gst import Gst
from nvrdevice.media.engine.local_camera import LocalCamera, libcamera, v4l2
from nvrdevice.media.engine.local_modes import Mode, best
from nvrdevice.media.engine.lost import Lost

NODE = re.compile(r"video\d{1,3}")
# Parts of a Pi's camera path: what they give are no pictures yet, libcamera makes them.
PARTS_OF_LIBCAMERA = ("unicam", "bcm2835-isp", "rp1-cfe", "pispbe", "rpivid", "bcm2835-codec")

REFUSED = "This user may not open {node}: add it to the group video, then sign in again."

Ask = Callable[[str], tuple[Mode, ...]]  # by source address; empty where there is no camera


@dataclass(frozen=True, kw_only=True)
class Found:
    """uri: as --source names it; trouble: why it cannot be asked, one plain sentence."""

    uri: str
    name: str
    modes: tuple[Mode, ...] = ()
    trouble: str = ""


def find(
    devices: Path = Path("/dev"),
    names: Path = Path("/sys/class/video4linux"),
    ask: Ask | None = None,
) -> list[str]:
    """The addresses of the cameras, libcamera's first, as --source would name them."""
    return [found.uri for found in look(devices, names, ask) if best(found.modes) is not None]


def look(
    devices: Path = Path("/dev"),
    names: Path = Path("/sys/class/video4linux"),
    ask: Ask | None = None,
) -> list[Found]:
    """The cameras with what they can do, and those this user may not open."""
    ask = ask or ask_gstreamer
    found = [Found(uri="libcamera:", name="The Pi's camera", modes=ask("libcamera:"))]
    for node in sorted(devices.glob("video*"), key=lambda path: (len(path.name), path.name)):
        name = _driver_name(names / node.name / "name")
        if not NODE.fullmatch(node.name) or name.startswith(PARTS_OF_LIBCAMERA):
            continue
        trouble = "" if os.access(node, os.R_OK | os.W_OK) else REFUSED.format(node=node)
        uri = f"v4l2:{node}"
        modes = () if trouble else ask(uri)
        found.append(Found(uri=uri, name=name or node.name, modes=modes, trouble=trouble))
    return [one for one in found if best(one.modes) is not None or one.trouble]


def ask_gstreamer(uri: str) -> tuple[Mode, ...]:
    scheme, _, name = uri.partition(":")
    if scheme == "libcamera" and Gst.ElementFactory.find("libcamerasrc") is None:
        return ()
    opener = libcamera(name) if scheme == "libcamera" else v4l2(name)
    try:
        return LocalCamera(opener).modes()
    except Lost:
        return ()


def _driver_name(name: Path) -> str:
    try:
        return name.read_text(errors="replace").strip()[:64]
    except OSError:
        return ""
