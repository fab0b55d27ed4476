"""Multicast groups: one for each stream of each device, unless a person chose another."""

import pytest

from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import settings
from nvrdevice.media.multicast_groups import with_groups
from nvrdevice.media.settings import MediaSettings, Source, VideoEncoderConfiguration

EIGHT = settings.complete(
    MediaSettings(sources=tuple(Source(token=f"source{n}", uri="test:") for n in range(1, 9)))
)


def groups(device: str, found: MediaSettings = EIGHT) -> dict[str, tuple[str, int]]:
    return {
        one.token: (one.multicast_address, one.multicast_port)
        for one in with_groups(found, device).video_encoder_configurations
    }


def test_each_stream_of_each_device_has_a_group_of_its_own() -> None:
    found = [*groups("one").values(), *groups("other").values()]
    assert len({address for address, _ in found}) == len({port for _, port in found}) == 48
    assert {(address[:8], port % 2) for address, port in found} == {("239.255.", 0)}


def test_a_group_does_not_depend_on_the_other_streams() -> None:
    one = MediaSettings(sources=(Source(token="source1", uri="test:"),))
    assert groups("one", settings.complete(one))["main1"] == groups("one")["main1"]


def test_a_group_that_was_set_stays() -> None:
    set_ = VideoEncoderConfiguration(
        token="main1", source="source1", multicast_address="239.1.2.3", multicast_port=5000
    )
    found = MediaSettings(
        sources=(Source(token="source1", uri="test:"),), video_encoder_configurations=(set_,)
    )
    assert groups("one", found) == {"main1": ("239.1.2.3", 5000)}


@pytest.mark.parametrize("address", ["192.168.1.2", "239.1.2", "group"])
def test_only_multicast_addresses_are_groups(address: str) -> None:
    wrong = VideoEncoderConfiguration(token="x", source="source1", multicast_address=address)
    with pytest.raises(DeviceError) as refused:
        MediaSettings(
            sources=(Source(token="source1", uri="test:"),), video_encoder_configurations=(wrong,)
        )
    assert refused.value.text.startswith("x: multicast_address: expected an address from 224.")
