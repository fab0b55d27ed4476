"""A recorder that knows Media2: zeep with ONVIF's own WSDL, then ffprobe and a picture."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import zeep
from zeep.wsse.username import UsernameToken

from tests.e2e.onvif_client import PullPoint
from tests.e2e.running_device import PASSWORD, RunningDevice
from tests.e2e.test_streams import probe
from tests.onvif_api.schema import tree

pytestmark = pytest.mark.e2e

BINDING = "{http://www.onvif.org/ver20/media/wsdl}Media2Binding"


@pytest.fixture(scope="module")
def media2(device: RunningDevice) -> Any:
    client = zeep.Client(
        str(tree() / "ver20/media/wsdl/media.wsdl"),
        wsse=UsernameToken("admin", PASSWORD, use_digest=True, zulu_timestamp=True),
    )
    return client.create_service(BINDING, f"{device.url}/onvif/media2_service")


@pytest.fixture
def own_profile(media2: Any) -> Iterator[str]:
    """A profile as Genetec makes it: of its own name, with the sub stream."""
    token = media2.CreateProfile(
        Name="Recorder",
        Configuration=[
            {"Type": "VideoSource", "Token": "video1"},
            {"Type": "VideoEncoder", "Token": "sub1"},
        ],
    )
    yield token
    media2.DeleteProfile(Token=token)


def test_the_announced_numbers_are_those_of_the_stream(device: RunningDevice, media2: Any) -> None:
    for one in media2.GetProfiles(Type=["All"]):
        encoder = one.Configurations.VideoEncoder
        uri = media2.GetStreamUri(Protocol="RTSP", ProfileToken=one.token)
        assert uri == f"rtsp://127.0.0.1:{device.rtsp_port}/{one.token}"
        found = probe(device.rtsp(one.token), "tcp")
        assert found["codec_name"] == {"H264": "h264", "JPEG": "mjpeg"}[encoder.Encoding]
        size = encoder.Resolution
        assert (found["width"], found["height"]) == (size.Width, size.Height)
        assert found["r_frame_rate"] == f"{encoder.RateControl.FrameRateLimit:g}/1"


def test_a_profile_of_its_own_streams_and_has_a_picture(
    device: RunningDevice, media2: Any, own_profile: str
) -> None:
    found = probe(device.rtsp(own_profile), "udp")
    assert (found["codec_name"], found["width"], found["height"]) == ("h264", 640, 360)
    media2.SetSynchronizationPoint(ProfileToken=own_profile)
    login = httpx.DigestAuth("admin", PASSWORD)
    picture = httpx.get(media2.GetSnapshotUri(ProfileToken=own_profile), auth=login, timeout=10)
    assert (picture.status_code, picture.content[:3]) == (200, b"\xff\xd8\xff")


def test_who_waits_is_told_of_each_change_of_a_profile(device: RunningDevice, media2: Any) -> None:
    waiting = PullPoint(device, "tns1:Media/ProfileChanged")
    token = media2.CreateProfile(Name="Recorder")
    media2.AddConfiguration(
        ProfileToken=token, Configuration=[{"Type": "VideoSource", "Token": "video1"}]
    )
    media2.RemoveConfiguration(ProfileToken=token, Configuration=[{"Type": "All"}])
    media2.DeleteProfile(Token=token)
    assert [topic for topic, _, _ in waiting.pull()] == ["tns1:Media/ProfileChanged"] * 4


def test_the_options_of_each_encoder_hold_what_it_has(media2: Any) -> None:
    for one in media2.GetVideoEncoderConfigurations():
        (options,) = media2.GetVideoEncoderConfigurationOptions(ConfigurationToken=one.token)
        assert options.Encoding == one.Encoding
        assert list(options.FrameRatesSupported) == [one.RateControl.FrameRateLimit]
        assert options.BitrateRange.Min <= one.RateControl.BitrateLimit <= options.BitrateRange.Max


def test_a_fault_is_told_as_one(media2: Any) -> None:
    with pytest.raises(zeep.exceptions.Fault, match="There is no profile 'none'"):
        media2.GetProfiles(Token="none")
