"""What each recorder asks, in its order and in its own writing, is answered as it needs."""

from collections.abc import Iterator
from typing import Any

import pytest

from nvrdevice.lib import home
from nvrdevice.lib.question_frames import Reply
from nvrdevice.media.request_server import RequestServer
from tests.onvif_api.clients.player import Player
from tests.onvif_api.clients.sequence import FOLDER, Sequence, all_sequences

SEQUENCES = all_sequences()
CLIENTS = {
    *("unifi_protect", "home_assistant", "frigate", "scrypted", "zoneminder", "agent_dvr"),
    *("synology", "hikvision", "dahua", "reolink", "genetec", "onvif_device_manager"),
    *("wavestore", "cheap_nvr"),
}
# What recorders ask that may never be a fault. Subscribe is not among them: no client of these
# needs push beside a pull point, and without it the device says so (MaxNotificationProducers=0).
NEVER_A_FAULT = {
    "tds": """GetSystemDateAndTime GetCapabilities GetServices GetServiceCapabilities
        GetDeviceInformation GetScopes GetHostname GetNetworkInterfaces GetNetworkProtocols
        GetNetworkDefaultGateway GetDNS GetNTP GetDiscoveryMode GetUsers GetWsdlUrl
        GetEndpointReference""",
    "trt": """GetServiceCapabilities GetProfiles GetProfile CreateProfile GetVideoSources
        GetVideoSourceConfigurations GetVideoSourceConfiguration
        GetVideoSourceConfigurationOptions GetCompatibleVideoSourceConfigurations
        GetVideoEncoderConfigurations GetVideoEncoderConfiguration
        GetVideoEncoderConfigurationOptions GetCompatibleVideoEncoderConfigurations
        GetGuaranteedNumberOfVideoEncoderInstances GetAudioSources GetAudioOutputs
        GetAudioSourceConfigurations GetAudioEncoderConfigurations GetAudioOutputConfigurations
        GetAudioDecoderConfigurations GetMetadataConfigurations GetOSDs GetOSDOptions
        GetStreamUri GetSnapshotUri SetSynchronizationPoint""",
    "tr2": """GetServiceCapabilities GetProfiles CreateProfile AddConfiguration
        RemoveConfiguration DeleteProfile GetVideoSourceConfigurations
        GetVideoSourceConfigurationOptions GetVideoEncoderConfigurations
        GetVideoEncoderConfigurationOptions GetVideoEncoderInstances GetAudioSourceConfigurations
        GetAudioEncoderConfigurations GetAudioOutputConfigurations GetAudioDecoderConfigurations
        GetMetadataConfigurations GetAnalyticsConfigurations GetOSDs GetOSDOptions GetStreamUri
        GetSnapshotUri SetSynchronizationPoint""",
    "tev": """GetServiceCapabilities GetEventProperties CreatePullPointSubscription PullMessages
        SetSynchronizationPoint""",
    "wsnt": "Renew Unsubscribe",
}


@pytest.fixture
def media_process() -> Iterator[None]:
    def key_frame(arguments: dict[str, Any]) -> Reply:
        return Reply()

    server = RequestServer({"key_frame": key_frame}, home.run_sockets())
    server.start()
    yield
    server.stop()


@pytest.mark.django_db
@pytest.mark.usefixtures("people", "media_process")
@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda one: one.name)
def test_the_client_gets_what_it_needs(sequence: Sequence) -> None:
    Player(sequence).play()


def test_each_client_has_a_sequence() -> None:
    assert {one.name for one in SEQUENCES} == CLIENTS


def test_each_file_is_played_once_and_in_order() -> None:
    played = [step.file for one in SEQUENCES for step in one.steps]
    assert played == sorted(path.name for path in FOLDER.glob("*.xml"))


def test_what_may_never_be_a_fault_is_asked_and_answered() -> None:
    answered = {step.operation for one in SEQUENCES for step in one.steps if not step.fault}
    needed = {
        f"{prefix}:{name}" for prefix, names in NEVER_A_FAULT.items() for name in names.split()
    }
    assert needed - answered == set()
