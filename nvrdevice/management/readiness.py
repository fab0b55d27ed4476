"""What must be right before the device starts; each failure is one sentence with its remedy.

Cheap on purpose: files and sockets are looked at, nothing heavy is imported, so that a second
start answers within seconds.
"""

import errno
import fcntl
import importlib.util
import os
import socket
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from nvrdevice.lib.errors import DeviceError, Kind

PORT_PATIENCE_S = 2.0  # a device that was just killed may hold its ports for a moment

# Python module → Debian package that has it.
MODULES = {"gi": "python3-gi", "cv2": "python3-opencv", "zmq": "python3-zmq"}

# GStreamer plugin or typelib → Debian package; any one of alternatives joined by "|" will do.
PLUGINS = {
    "libgstcoreelements.so": "libgstreamer1.0-0",
    "libgstapp.so": "gstreamer1.0-plugins-base",
    "libgstvideoconvertscale.so|libgstvideoconvert.so": "gstreamer1.0-plugins-base",
    "libgstplayback.so": "gstreamer1.0-plugins-base",
    "libgstrtp.so": "gstreamer1.0-plugins-good",
    "libgstrtsp.so": "gstreamer1.0-plugins-good",
    "libgstisomp4.so": "gstreamer1.0-plugins-good",
    "libgstjpeg.so": "gstreamer1.0-plugins-good",
    "libgstvideoparsersbad.so": "gstreamer1.0-plugins-bad",
    "libgstx264.so": "gstreamer1.0-plugins-ugly",
    "libgstpango.so": "gstreamer1.0-x",
    "libgstlibav.so": "gstreamer1.0-libav",
}
TYPELIBS = {
    "GstRtspServer-1.0.typelib": "gir1.2-gst-rtsp-server-1.0",
    "GstVideo-1.0.typelib": "gir1.2-gst-plugins-base-1.0",
}
SYSTEM_LIBRARIES = (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"))


def check_machine(word_size: int = sys.maxsize) -> None:
    if word_size <= 2**32:
        raise DeviceError(
            Kind.UNSUPPORTED,
            "This is a 32-bit system: install the 64-bit Raspberry Pi OS or Debian 12 or 13.",
        )


def check_packages(
    find_module: Callable[[str], object] = importlib.util.find_spec,
    libraries: Iterable[Path] = SYSTEM_LIBRARIES,
) -> None:
    """Everything the media process and motion detection load later is on this machine."""
    missing = [package for name, package in MODULES.items() if find_module(name) is None]
    folders = [*libraries]
    plugins = [Path(part) for part in os.environ.get("GST_PLUGIN_PATH", "").split(":") if part]
    plugins += _beneath(folders, "gstreamer-1.0")
    typelibs = [Path(part) for part in os.environ.get("GI_TYPELIB_PATH", "").split(":") if part]
    typelibs += _beneath(folders, "girepository-1.0")
    missing += [package for names, package in PLUGINS.items() if not _found(names, plugins)]
    missing += [package for names, package in TYPELIBS.items() if not _found(names, typelibs)]
    if missing:
        packages = " ".join(dict.fromkeys(missing))
        raise DeviceError(
            Kind.UNAVAILABLE, f"Debian packages are missing: run apt install {packages}"
        )


def _beneath(folders: list[Path], name: str) -> list[Path]:
    """folder/name and folder/<architecture>/name, as Debian and others lay libraries out."""
    return [found for folder in folders for found in (folder / name, *folder.glob(f"*-*/{name}"))]


def _found(names: str, folders: list[Path]) -> bool:
    return any((folder / name).exists() for folder in folders for name in names.split("|"))


def check_port(host: str, port: int, variable: str, what: str) -> None:
    """The TCP port can be bound; waits a moment for one that is just being given up."""
    deadline_s = time.monotonic() + PORT_PATIENCE_S
    while True:
        try:
            _try_bind(host, port)
            return
        except socket.gaierror:
            raise DeviceError(
                Kind.INVALID,
                f"SERVICE_HOST is {host!r}, which is no address of this machine: "
                "give 0.0.0.0 for all of them.",
                field="SERVICE_HOST",
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline_s:
                time.sleep(0.1)
                continue
            raise _no_port(error, host, port, variable, what) from None


def _try_bind(host: str, port: int) -> None:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)


def _no_port(error: OSError, host: str, port: int, variable: str, what: str) -> DeviceError:
    if error.errno == errno.EADDRINUSE:
        text = (
            f"Port {port} for {what} is taken by another program: "
            f"stop it, or choose another port with {variable}."
        )
    elif error.errno == errno.EACCES:
        text = (
            f"Port {port} for {what} is for administrators only: "
            f"choose one from 1024 to 65535 with {variable}."
        )
    else:
        text = f"{host} port {port} for {what} cannot be opened ({error.strerror}): set {variable}."
    return DeviceError(Kind.UNAVAILABLE, text, field=variable)


def lock_folder(folder: Path) -> IO[str]:
    """Hold the data folder for this device alone, for as long as the returned file is open."""
    stream = (folder / "device.lock").open("a+")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stream.seek(0)
        holder = stream.read(20).strip() or "unknown"
        stream.close()
        raise DeviceError(
            Kind.CONFLICT,
            f"Another device (process {holder}) uses the folder {folder.parent}: "
            "stop it, or choose another folder with NVR_DATA_DIR.",
        ) from None
    stream.truncate(0)
    stream.write(f"{os.getpid()}\n")
    stream.flush()
    return stream
