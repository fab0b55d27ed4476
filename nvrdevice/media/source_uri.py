"""What may be given as a source, and a plain sentence for everything else. Pure but for stat.

Invariant: no sentence from here ever repeats a login, however wrongly the address was written.
"""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from nvrdevice.lib.errors import DeviceError, Kind

READS = (
    "test:, file:///folder/clip.mp4, rtsp://user:password@host/path, v4l2:/dev/video0 "
    "and libcamera:"
)
LENGTH_LIMIT = 1024
RTSP_PORT = 554
LOCAL = {
    "v4l2": re.compile(r"/dev/[A-Za-z0-9_./:-]{1,200}", re.ASCII),
    "libcamera": re.compile(r"[A-Za-z0-9_./:@,-]{0,200}", re.ASCII),
}
LOCAL_WORDS = {
    "v4l2": "v4l2:/dev/video0",
    "libcamera": "libcamera: alone for the first one, or with the name libcamera has for it",
}
HOST = re.compile(r"[A-Za-z0-9_.:%-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class SourceUri:
    """scheme: "test", "file", "rtsp", "v4l2" or "libcamera"; uri: the address without login;
    login as it was given, percent-decoded; path: of a file."""

    scheme: str
    uri: str
    login: tuple[str, str] | None = None
    path: Path | None = None

    @property
    def name(self) -> str:
        """What to call a source that was not named."""
        if self.path is not None:
            return self.path.name[:64]
        if self.scheme == "rtsp":
            return (urlsplit(self.uri).hostname or "Camera")[:64]
        return "Test picture" if self.scheme == "test" else "Camera"


def parse_uri(text: str) -> SourceUri:
    """The source a text names; DeviceError(INVALID) says what is wrong and what would be right."""
    text = text.strip()
    if not text:
        raise DeviceError(Kind.INVALID, f"The source is empty: give {READS}.", field="source")
    if len(text) > LENGTH_LIMIT or not text.isprintable():
        raise _wrong(text, f"is longer than {LENGTH_LIMIT} printable characters")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _wrong("", "has a host in brackets that is no IPv6 address") from None
    if parts.scheme == "test":
        if text.lower() != "test:":
            raise _wrong(text, "says more than the test picture can take: write test: alone")
        return SourceUri(scheme="test", uri="test:")
    if parts.scheme == "file":
        return _file(text, parts.netloc)
    if parts.scheme == "rtsp":
        return _camera(text, parts)
    if parts.scheme in LOCAL:
        return _local(text, parts.scheme)
    if parts.scheme == "rtsps":
        raise _wrong(text, f"is RTSP over TLS, but this release reads {READS} only")
    if not parts.scheme:
        raise _wrong(text, f"has no scheme: this release reads {READS}")
    raise _wrong(text, f"has the unknown scheme {parts.scheme}: this release reads {READS}")


def _local(text: str, scheme: str) -> SourceUri:
    """A camera of this machine; that it is there is seen when it is opened."""
    name = text[len(scheme) + 1 :]
    if not LOCAL[scheme].fullmatch(name):
        raise _wrong(text, f"names no camera of this machine: write {LOCAL_WORDS[scheme]}")
    return SourceUri(scheme=scheme, uri=f"{scheme}:{name}")


def place_of(uri: str) -> tuple[str, int] | None:
    """Host and port a camera's login is meant for; None for what is on this machine."""
    parts = urlsplit(uri)
    return (parts.hostname or "", parts.port or RTSP_PORT) if parts.scheme == "rtsp" else None


def with_login(text: str, user: str, password: str) -> str:
    """A camera's address with a login that was given beside it; text where none was."""
    text = text.strip()
    if not user:
        if password:
            raise DeviceError(Kind.INVALID, "Name the user this password belongs to.", field="user")
        return text
    scheme, slashes, rest = text.partition("://")
    if scheme.lower() != "rtsp" or not slashes:
        raise DeviceError(
            Kind.INVALID,
            "Only an address that begins with rtsp:// takes a user and a password.",
            field="user",
        )
    place = rest.rpartition("@")[2]
    return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{place}"


def shown(text: str) -> str:
    """The address as it may be shown or logged: nothing that could be part of a login."""
    hidden = re.sub(r"^(\w+://)?.*@", r"\1", text, flags=re.DOTALL)
    hidden = re.sub(r"(?i)(pass(?:word|wd)?|pwd|token|auth)=[^&_]*", r"\1=***", hidden)
    return hidden[:200]


def _file(text: str, host: str) -> SourceUri:
    if host not in ("", "localhost"):
        raise _wrong(
            text,
            "needs a path from the root of this machine, with three slashes: file:///clip.mp4",
        )
    # Not urlsplit's path: a file's name may hold ? and #.
    path = Path(unquote(text[len("file:") :].removeprefix(f"//{host}")))
    if str(path) == ".":
        raise _wrong(text, "names no file: write file:///folder/clip.mp4")
    if not path.is_absolute():
        raise _wrong(text, f"is a relative path: write file://{path.absolute()}")
    if "\0" in str(path):
        raise _wrong(text, "has a zero byte in its path")
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise _wrong(text, f"names the file {path}, which does not exist") from None
    except OSError as error:
        raise _wrong(text, f"names {path}, which cannot be looked at ({error.strerror})") from None
    if stat.S_ISDIR(mode):
        raise _wrong(text, f"names the folder {path}: give one video file")
    if not stat.S_ISREG(mode):
        raise _wrong(text, f"names {path}, which is not a regular file: give one video file")
    if not os.access(path, os.R_OK):
        raise _wrong(text, f"names {path}, which this user may not read: allow reading it")
    return SourceUri(scheme="file", uri=path.as_uri(), path=path)


def _camera(text: str, parts: SplitResult) -> SourceUri:
    user_info, at, place = parts.netloc.rpartition("@")
    # A password with a bare / ? or # ends the host early: none of what follows may be shown.
    if parts.fragment or "@" in parts.path + parts.query:
        raise _wrong(
            "",
            "has a / ? # or @ where none can be: in a password write %2F %3F %23 %40, "
            "in a path %23 for # and %40 for @",
        )
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _wrong("", "has a port that is no number from 1 to 65535") from None
    if not host:
        raise _wrong(text, "has no host: write rtsp://192.168.1.20/path")
    if not HOST.fullmatch(host):
        raise _wrong(text, "has a host with characters that no host has")
    if port == 0:
        raise _wrong(text, "has port 0: give a number from 1 to 65535, or none for 554")
    if " " in parts.path + parts.query:
        raise _wrong(text, "has a blank in it: write %20")
    user, _, password = user_info.partition(":")
    user, password = unquote(user), unquote(password)
    if at and (not user or ":" in user or not (user + password).isprintable()):
        raise _wrong(text, "has something before the @ that is not user:password")
    query = f"?{parts.query}" if parts.query else ""
    return SourceUri(
        scheme="rtsp",
        uri=f"rtsp://{place.removesuffix(':')}{parts.path}{query}",
        login=(user, password) if at else None,
    )


def _wrong(text: str, what: str) -> DeviceError:
    """An empty text: what was given may hold a password in the wrong place."""
    subject = f"The source {shown(text)!r}" if text else "The source's address"
    return DeviceError(Kind.INVALID, f"{subject} {what}.", field="source")
