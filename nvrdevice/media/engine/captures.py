"""From a configured source to the capture that opens it."""

from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import sources
from nvrdevice.media.engine.camera import Camera
from nvrdevice.media.engine.clip import ClipLoop
from nvrdevice.media.engine.lost import Lost, Reason
from nvrdevice.media.engine.outlet import Capture
from nvrdevice.media.engine.test_picture import TestPicture
from nvrdevice.media.settings import Source
from nvrdevice.media.source_uri import parse_uri


def capture_of(source: Source) -> Capture:
    """Lost where the address or its login is of no use just now."""
    try:
        uri = parse_uri(source.uri)
    except DeviceError as error:  # a file that is away may come back
        raise Lost(Reason.NO_SUCH_PATH, error.text) from None
    if uri.scheme == "test":
        return TestPicture()
    if uri.path is not None:
        return ClipLoop(uri.path)
    try:
        return Camera(uri.uri, sources.login_of(source))
    except DeviceError as error:
        raise Lost(Reason.WRONG_PASSWORD, error.text) from None
