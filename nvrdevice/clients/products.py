"""Which product a client is, as far as it can be told: by its name, else by what it asks for.

A guess is called one, and who cannot be told apart is named together or "unknown". The facts
come from the clients' sources and logs (see each line); none is certain for ever.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

AGENT_LENGTH = 80
# Stand in for the name of clients that send none, made from what their library sends.
NODE_ONVIF = "(no name; like the onvif library of Node.js)"
DOTNET = "(no name; like a .NET program)"


@dataclass(frozen=True)
class Product:
    name: str = ""  # empty: unknown
    is_guess: bool = False


UNKNOWN = Product()

# The first that is found counts; libraries come behind the products that use them.
_NAMES: tuple[tuple[str, str], ...] = (
    (r"home.?assistant", "Home Assistant"),
    (r"frigate", "Frigate"),
    (r"scrypted", "Scrypted"),
    (r"unifi|ubnt|ubiquiti", "UniFi Protect"),
    (r"zoneminder", "ZoneMinder"),
    (r"shinobi", "Shinobi"),
    (r"agent.?dvr|ispy", "Agent DVR"),
    (r"blue.?iris", "Blue Iris"),
    (r"synology|surveillance.?station", "Synology Surveillance Station"),
    (r"hikvision", "Hikvision"),
    (r"dahua", "Dahua"),
    (r"reolink", "Reolink"),
    (r"milestone|xprotect", "Milestone XProtect"),
    (r"genetec", "Genetec"),
    (r"onvif device manager", "ONVIF Device Manager"),
    (r"motioneye", "motionEye"),
    (r"nvrdevice", "NVR Device"),
    (r"go2rtc", "go2rtc"),
    (r"mediamtx|gortsplib", "MediaMTX"),
    (r"libvlc|^vlc", "VLC"),
    (r"gstreamer", "GStreamer"),
    (r"^lavf|ffmpeg", "ffmpeg"),
    (r"live555", "A LIVE555 player"),
    (r"^curl/", "curl"),
    (r"^python-(?:requests|httpx|urllib3?)|^aiohttp", "A Python program"),
    (r"^go-http-client", "A Go program"),
    (r"^mozilla/", "A web browser"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _NAMES)

_SUBSCRIBES = {"tev:CreatePullPointSubscription", "wsnt:Subscribe"}
_ODM = {"tds:GetNetworkDefaultGateway", "tds:GetDNS", "tds:GetNTP", "tds:GetNetworkProtocols"}


def agent_of(headers: Mapping[str, str]) -> str:
    """What a client calls itself, cut to a bound; a stand-in for two that send no name."""
    agent = headers.get("user-agent", "")
    if agent:
        return agent if len(agent) <= AGENT_LENGTH else agent[:AGENT_LENGTH]
    if headers.get("charset"):
        return NODE_ONVIF  # agsh/onvif, lib/cam.js, sends a header "charset: utf-8"
    if "action=" in headers.get("content-type", "") and headers.get("expect"):
        return DOTNET  # WCF's SOAP 1.2 binding
    return ""


def recognise(agent: str, operations: Collection[str] = ()) -> Product:
    """The product behind a name and the operations that were called under it."""
    for pattern, name in _PATTERNS:
        if pattern.search(agent):
            return Product(name)
    asked = set(operations)
    if agent.startswith("Zeep/"):
        return _zeep(asked)
    if agent == NODE_ONVIF:
        # koush/scrypted onvif-api.ts reads OSDs; UniFi Protect keys cameras by their MAC.
        if asked & {"trt:GetOSDs", "tev:GetEventProperties"}:
            return Product("Scrypted", is_guess=True)
        if "tds:GetNetworkInterfaces" in asked:
            return Product("UniFi Protect", is_guess=True)
        return Product("UniFi Protect or Scrypted", is_guess=True)
    if agent == DOTNET:
        manager = asked >= _ODM
        name = "ONVIF Device Manager" if manager else "ONVIF Device Manager or Agent DVR"
        return Product(name, is_guess=True)
    if agent.startswith("gSOAP/"):
        # zm_monitor_onvif.cpp subscribes and asks for nothing else; recorders read profiles.
        only_events = asked & _SUBSCRIBES and not any(name.startswith("trt:") for name in asked)
        return Product("ZoneMinder" if only_events else "A recorder with gSOAP", is_guess=True)
    return UNKNOWN


def _zeep(asked: set[str]) -> Product:
    """Home Assistant and Frigate share a library: only the first wants events and the MAC."""
    if asked & _SUBSCRIBES or "tds:GetNetworkInterfaces" in asked:
        return Product("Home Assistant", is_guess=True)
    if any(name.startswith(("tptz:", "timg:")) for name in asked):
        return Product("Frigate", is_guess=True)
    return Product("Home Assistant or Frigate", is_guess=True)
