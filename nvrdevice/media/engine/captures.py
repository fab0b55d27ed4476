"""From a configured source to the capture that opens it."""

from collections.abc import Callable

from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import sources
from nvrdevice.media.engine.camera import AGENT, Camera, Login
from nvrdevice.media.engine.clip import ClipLoop
from nvrdevice.media.engine.local_camera import LocalCamera, libcamera, v4l2
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Capture
from nvrdevice.media.engine.test_picture import TestPicture
from nvrdevice.media.settings import Source
from nvrdevice.media.source_uri import parse_uri

OPENERS = {"v4l2": v4l2, "libcamera": libcamera}


def capture_of(source: Source, *, agent: str = AGENT) -> Capture:
    """Lost where the address or its login is of no use just now."""
    return _capture(source.uri, lambda: sources.login_of(source), agent)


def second_capture_of(source: Source) -> Capture:
    """The camera's own small stream."""
    return _capture(source.sub_uri, lambda: sources.second_login_of(source))


def _capture(address: str, login_of: Callable[[], Login | None], agent: str = AGENT) -> Capture:
    try:
        uri = parse_uri(address)
    except DeviceError as error:  # a file that is away may come back
        raise Lost(Reason.NO_SUCH_PATH, error.text) from None
    if uri.scheme == "test":
        return TestPicture()
    if uri.scheme in OPENERS:
        return LocalCamera(OPENERS[uri.scheme](uri.uri.partition(":")[2]))
    if uri.path is not None:
        return ClipLoop(uri.path)
    try:
        return Camera(uri.uri, login_of(), agent)
    except DeviceError as error:
        raise Lost(Reason.WRONG_PASSWORD, error.text) from None
