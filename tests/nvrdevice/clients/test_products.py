"""Recognising products by their names and habits, and saying so where it is a guess."""

import pytest

from nvrdevice.clients.products import (
    AGENT_LENGTH,
    DOTNET,
    NODE_ONVIF,
    UNKNOWN,
    Product,
    agent_of,
    recognise,
)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Lavf59.27.100", "ffmpeg"),
        ("GStreamer/1.22.0", "GStreamer"),
        ("LibVLC/3.0.18 (LIVE555 Streaming Media v2016.11.28)", "VLC"),
        ("go2rtc/1.9.4", "go2rtc"),
        ("HomeAssistant/2026.1 httpx/0.28", "Home Assistant"),
        ("BlueIris", "Blue Iris"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "A web browser"),
    ],
)
def test_by_name(agent: str, name: str) -> None:
    assert recognise(agent) == Product(name)


@pytest.mark.parametrize(
    ("agent", "asked", "name"),
    [
        ("Zeep/4.3.2", {"tev:CreatePullPointSubscription"}, "Home Assistant"),
        ("Zeep/4.3.2", {"trt:GetProfiles", "tptz:GetPresets"}, "Frigate"),
        ("Zeep/4.3.2", {"trt:GetProfiles"}, "Home Assistant or Frigate"),
        (NODE_ONVIF, {"trt:GetProfiles", "tds:GetNetworkInterfaces"}, "UniFi Protect"),
        (NODE_ONVIF, {"trt:GetOSDs"}, "Scrypted"),
        (NODE_ONVIF, set(), "UniFi Protect or Scrypted"),
        ("gSOAP/2.8", {"tev:CreatePullPointSubscription", "tev:PullMessages"}, "ZoneMinder"),
        ("gSOAP/2.8", {"trt:GetProfiles"}, "A recorder with gSOAP"),
        (DOTNET, set(), "ONVIF Device Manager or Agent DVR"),
    ],
)
def test_by_habit_it_is_called_a_guess(agent: str, asked: set[str], name: str) -> None:
    assert recognise(agent, asked) == Product(name, is_guess=True)


@pytest.mark.parametrize("agent", ["", "MyRecorder/1.0", "\N{BELL}\x00"])
def test_who_is_not_known_is_unknown(agent: str) -> None:
    assert recognise(agent, {"trt:GetProfiles"}) == UNKNOWN


def test_the_name_is_the_user_agent_within_a_bound() -> None:
    assert agent_of({"user-agent": "x" * 1000}) == "x" * AGENT_LENGTH


def test_two_that_send_no_name_are_told_by_their_headers() -> None:
    node = {"content-type": "application/soap+xml", "charset": "utf-8"}
    wcf = {
        "content-type": 'application/soap+xml; charset=utf-8; action="http://x"',
        "expect": "100-continue",
    }
    assert [agent_of(node), agent_of(wcf), agent_of({})] == [NODE_ONVIF, DOTNET, ""]
