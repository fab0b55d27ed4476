"""GStreamer is made ready once, as runmedia does it."""

import pytest

from nvrdevice.media.engine import gst


@pytest.fixture(autouse=True, scope="session")
def gstreamer() -> None:
    gst.start()
