"""Home Assistant's own client library adds the device, in the order its integration uses."""

import asyncio
import datetime as dt
from typing import Any

import pytest
import zeep.exceptions
from onvif import ONVIFCamera
from onvif.client import ONVIFService

from tests.e2e.running_device import PASSWORD, RunningDevice

pytestmark = pytest.mark.e2e


def camera(device: RunningDevice, password: str = PASSWORD, username: str = "admin") -> ONVIFCamera:
    return ONVIFCamera("127.0.0.1", device.http_port, username, password, no_cache=True)


async def add(client: ONVIFCamera) -> dict[str, Any]:
    """What Home Assistant learns of a device before it makes its entities."""
    await client.update_xaddrs()
    management = await client.create_devicemgmt_service()
    clock = await management.GetSystemDateAndTime()
    await client.get_capabilities()
    information = await management.GetDeviceInformation()
    interfaces = await management.GetNetworkInterfaces()
    media = await client.create_media_service()
    media_capabilities = await media.GetServiceCapabilities()
    profiles = await media.GetProfiles()
    streams: dict[str, str] = {}
    for profile in profiles:
        request = media.create_type("GetStreamUri")
        request.ProfileToken = profile.token
        request.StreamSetup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
        streams[profile.token] = (await media.GetStreamUri(request)).Uri
    return {
        "clock": clock,
        "information": information,
        "interfaces": interfaces,
        "media": media_capabilities,
        "profiles": profiles,
        "streams": streams,
    }


def test_it_is_added_with_identity_profiles_and_streams(device: RunningDevice) -> None:
    async def scenario() -> dict[str, Any]:
        client = camera(device)
        try:
            return await add(client)
        finally:
            await client.close()

    learned = asyncio.run(scenario())
    assert learned["information"].Manufacturer == "NVR Device"
    assert learned["information"].SerialNumber
    assert [item.Enabled for item in learned["interfaces"]][:1] == [True]
    assert learned["interfaces"][0].Info.HwAddress
    assert learned["media"].SnapshotUri is True
    assert [profile.token for profile in learned["profiles"]] == ["profile1", "profile2", "jpeg1"]
    encodings = [profile.VideoEncoderConfiguration.Encoding for profile in learned["profiles"]]
    assert encodings == ["H264", "H264", "JPEG"]
    main = learned["profiles"][0].VideoEncoderConfiguration
    assert (main.Resolution.Width, main.Resolution.Height) == (1280, 720)
    assert main.RateControl.FrameRateLimit == 25
    assert learned["streams"]["profile1"] == f"rtsp://127.0.0.1:{device.rtsp_port}/profile1"


def test_its_snapshot_is_a_picture_of_the_announced_size(device: RunningDevice) -> None:
    async def scenario() -> bytes | None:
        client = camera(device)
        try:
            await client.update_xaddrs()
            picture: bytes | None = await client.get_snapshot("profile1")
            return picture
        finally:
            await client.close()

    picture = asyncio.run(scenario())
    assert picture is not None
    assert jpeg_size(picture) == (1280, 720)


def test_its_events_begin_with_the_state_of_every_property(device: RunningDevice) -> None:
    async def scenario() -> list[Any]:
        client = camera(device)
        try:
            await client.update_xaddrs()
            manager = await client.create_pullpoint_manager(dt.timedelta(minutes=10), lambda: None)
            await manager.set_synchronization_point()
            service: ONVIFService = manager.get_service()
            messages: list[Any] = []
            for _ in range(5):
                answer = await service.PullMessages(
                    {"MessageLimit": 100, "Timeout": dt.timedelta(seconds=2)}
                )
                assert answer.TerminationTime > answer.CurrentTime
                messages += answer.NotificationMessage
                if not answer.NotificationMessage:
                    break
            await manager.shutdown()
            return messages
        finally:
            await client.close()

    messages = asyncio.run(scenario())
    topics = {message.Topic._value_1 for message in messages}
    # Channels, schedules and recordings have properties too; these come with every camera.
    assert topics >= {
        "tns1:VideoSource/MotionAlarm",
        "tns1:RuleEngine/CellMotionDetector/Motion",
        "tns1:VideoSource/SignalLoss",
    }
    first = next(m for m in messages if m.Topic._value_1 == "tns1:VideoSource/MotionAlarm")
    content = first.Message._value_1
    assert content.PropertyOperation == "Initialized"
    # Home Assistant reads items by position.
    assert content.Source.SimpleItem[0].Name == "Source"
    assert content.Data.SimpleItem[0].Name == "State"


def test_push_subscriptions_are_refused_with_a_fault_it_survives(device: RunningDevice) -> None:
    async def scenario() -> None:
        client = camera(device)
        try:
            await client.update_xaddrs()
            await client.create_notification_manager(
                "http://127.0.0.1:9/", dt.timedelta(minutes=10), lambda: None
            )
        finally:
            await client.close()

    with pytest.raises(zeep.exceptions.Fault):
        asyncio.run(scenario())


def test_a_wrong_password_is_told_as_one(device: RunningDevice) -> None:
    async def scenario() -> None:
        client = camera(device, password="wrong-password")
        try:
            management = await client.create_devicemgmt_service()
            await management.GetDeviceInformation()
        finally:
            await client.close()

    with pytest.raises(zeep.exceptions.Fault) as refused:
        asyncio.run(scenario())
    assert [code.localname for code in refused.value.subcodes] == ["NotAuthorized"]


def jpeg_size(picture: bytes) -> tuple[int, int]:
    """Width and height from the frame header of a JPEG."""
    position = 2
    while position < len(picture):
        marker, length = picture[position + 1], int.from_bytes(picture[position + 2 : position + 4])
        if marker in (0xC0, 0xC1, 0xC2):
            height = int.from_bytes(picture[position + 5 : position + 7])
            return int.from_bytes(picture[position + 7 : position + 9]), height
        position += 2 + length
    raise AssertionError("no frame header in the JPEG")
