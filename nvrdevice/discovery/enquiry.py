"""What a found device tells of itself: who made it, how its clock goes, its stream addresses.

A device is asked only at an address it answered from: whoever answers a Probe could else have
our digests sent to somebody else. Nothing it says is taken for true or shown unfiltered.
"""

import contextlib
import ipaddress
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit
from xml.sax.saxutils import quoteattr

from lxml import etree

from nvrdevice.discovery.matches import Match
from nvrdevice.discovery.questions import Asker, Login
from nvrdevice.lib import foreign_xml
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media.source_uri import shown

DEVICE_S = 20.0  # for all questions to all devices: they are asked at the same time
AT_ONCE = 16
PROFILES_LIMIT = 16
TDS = "http://www.onvif.org/ver10/device/wsdl"
TRT = "http://www.onvif.org/ver10/media/wsdl"
TR2 = "http://www.onvif.org/ver20/media/wsdl"
TT = "http://www.onvif.org/ver10/schema"


@dataclass
class Stream:
    token: str
    name: str = ""
    encoding: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    uri: str = ""


@dataclass
class Told:
    """What became known, with a sentence in trouble where something could not."""

    address: str = ""  # of its device service
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    clock_offset_s: float | None = None
    streams: list[Stream] = field(default_factory=list)
    trouble: str = ""


def enquire_all(found: Sequence[Match], login: Login | None) -> list[Told]:
    """One answer a device, in their order; who dawdles longer than DEVICE_S is told so."""
    told = [Told(trouble="It did not answer in time.") for _ in found]
    seats = threading.BoundedSemaphore(AT_ONCE)

    def work(number: int) -> None:
        with seats:
            told[number] = enquire(found[number], login)

    threads = [
        threading.Thread(target=work, args=(number,), daemon=True) for number in range(len(found))
    ]
    until_s = time.monotonic() + DEVICE_S
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until_s - time.monotonic()))
    return list(told)


def enquire(match: Match, login: Login | None) -> Told:
    told = Told()
    place = address_of(match)
    if place is None:
        told.trouble = "It names no address that it answers from, so it was not asked."
        return told
    told.address, host = place
    asker = Asker(host)
    try:
        _ask_time(asker, told)
        asker.login = login
        services = _services(asker, told.address)
        _ask_information(asker, told)
        _ask_streams(asker, told, services)
    except DeviceError as error:
        told.trouble = error.text
    return told


def address_of(match: Match) -> tuple[str, str] | None:
    """The device service at an address the device answered from, and that address itself."""
    senders = {ip: sender for sender in match.senders if (ip := _ip(sender)) is not None}
    offered = []
    for xaddr in match.xaddrs:
        with contextlib.suppress(ValueError):
            parts = urlsplit(xaddr)
            ip = _ip(parts.hostname or "")
            port = parts.port  # ValueError where it is none
            if parts.scheme in ("http", "https") and ip in senders and port != 0:
                offered.append((parts.scheme == "https", ip.version == 6, xaddr, senders[ip]))
    if not offered:
        return None
    _, _, xaddr, sender = min(offered, key=lambda each: each[:2])
    return xaddr[:512], sender


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _ask_time(asker: Asker, told: Told) -> None:
    before = asker.clock.now()
    answer = asker.ask(told.address, f'<GetSystemDateAndTime xmlns="{TDS}"/>')
    middle = before + (asker.clock.now() - before) / 2
    utc = answer.find(f".//{{{TT}}}UTCDateTime")
    if utc is None:  # optional in old devices
        return
    parts = [
        _whole(utc.find(f"{{{TT}}}{group}/{{{TT}}}{name}"))
        for group, names in (("Date", ("Year", "Month", "Day")), ("Time", ("Hour", "Minute")))
        for name in names
    ]
    second = min(59, _whole(utc.find(f"{{{TT}}}Time/{{{TT}}}Second")))
    try:
        year, month, day, hour, minute = parts
        theirs = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, OverflowError):  # a clock nobody can follow
        return
    # Its answer has whole seconds: half of one is the best guess for what was cut off.
    told.clock_offset_s = round((theirs - middle).total_seconds() + 0.5, 1)
    asker.clock_offset_s = told.clock_offset_s


def _ask_information(asker: Asker, told: Told) -> None:
    answer = asker.ask(told.address, f'<GetDeviceInformation xmlns="{TDS}"/>')
    told.manufacturer, told.model, told.firmware = (
        foreign_xml.text(answer.find(f"{{{TDS}}}{name}"), limit=64)
        for name in ("Manufacturer", "Model", "FirmwareVersion")
    )


def _services(asker: Asker, address: str) -> dict[str, str]:
    """The addresses of its media services by namespace, on the host we speak with."""
    found: dict[str, str] = {}
    with contextlib.suppress(DeviceError):
        answer = asker.ask(
            address,
            f'<GetServices xmlns="{TDS}"><IncludeCapability>false</IncludeCapability>'
            "</GetServices>",
        )
        for service in answer.findall(f"{{{TDS}}}Service"):
            namespace = foreign_xml.text(service.find(f"{{{TDS}}}Namespace"))
            xaddr = foreign_xml.text(service.find(f"{{{TDS}}}XAddr"))
            found[namespace] = _on_our_host(xaddr, address)
    if TRT not in found and TR2 not in found:
        answer = asker.ask(
            address, f'<GetCapabilities xmlns="{TDS}"><Category>Media</Category></GetCapabilities>'
        )
        xaddr = foreign_xml.text(answer.find(f".//{{{TT}}}Media/{{{TT}}}XAddr"))
        if xaddr:
            found[TRT] = _on_our_host(xaddr, address)
    return found


def _on_our_host(xaddr: str, address: str) -> str:
    """A service on another host than the device's own is asked at the device's own."""
    ours = urlsplit(address)
    try:
        theirs = urlsplit(xaddr)
        if (
            theirs.hostname == ours.hostname
            and theirs.scheme in ("http", "https")
            and (theirs.port is None or theirs.port)
        ):
            return xaddr
        return urlunsplit((ours.scheme, ours.netloc, theirs.path, theirs.query, ""))
    except ValueError:
        return address


def _ask_streams(asker: Asker, told: Told, services: dict[str, str]) -> None:
    if TRT in services:
        answer = asker.ask(services[TRT], f'<GetProfiles xmlns="{TRT}"/>')
        found = answer.findall(f"{{{TRT}}}Profiles")
    elif TR2 in services:
        request = f'<GetProfiles xmlns="{TR2}"><Type>VideoEncoder</Type></GetProfiles>'
        found = asker.ask(services[TR2], request).findall(f"{{{TR2}}}Profiles")
    else:
        told.trouble = "It has no media service, so it names no streams."
        return
    for profile in found[:PROFILES_LIMIT]:
        stream = _stream(profile)
        if stream is not None:
            told.streams.append(stream)
    for stream in told.streams:
        try:
            stream.uri = _stream_uri(asker, services, stream.token)
        except DeviceError as error:
            told.trouble = f"{stream.token}: {error.text}"


def _stream(profile: etree._Element) -> Stream | None:
    token = (profile.get("token") or "")[:64]
    if not token or not token.isprintable():
        return None
    encoder = next(
        profile.iter(f"{{{TT}}}VideoEncoderConfiguration", f"{{{TR2}}}VideoEncoder"), None
    )
    stream = Stream(token)
    stream.name = foreign_xml.text(
        next(iter(profile.findall(f"{{{TT}}}Name") + profile.findall(f"{{{TR2}}}Name")), None),
        limit=64,
    )
    if encoder is not None:
        stream.encoding = foreign_xml.text(encoder.find(f"{{{TT}}}Encoding"), limit=16)
        stream.width = _whole(encoder.find(f"{{{TT}}}Resolution/{{{TT}}}Width"))
        stream.height = _whole(encoder.find(f"{{{TT}}}Resolution/{{{TT}}}Height"))
        rate = encoder.find(f"{{{TT}}}RateControl/{{{TT}}}FrameRateLimit")
        with contextlib.suppress(ValueError):
            stream.fps = min(1000.0, max(0.0, float(foreign_xml.text(rate, limit=16) or 0)))
    return stream


def _stream_uri(asker: Asker, services: dict[str, str], token: str) -> str:
    quoted = quoteattr(token)[1:-1]
    if TRT in services:
        request = (
            f'<GetStreamUri xmlns="{TRT}"><StreamSetup>'
            f'<Stream xmlns="{TT}">RTP-Unicast</Stream>'
            f'<Transport xmlns="{TT}"><Protocol>RTSP</Protocol></Transport></StreamSetup>'
            f"<ProfileToken>{quoted}</ProfileToken></GetStreamUri>"
        )
        found = asker.ask(services[TRT], request).find(f".//{{{TT}}}Uri")
    else:
        request = (
            f'<GetStreamUri xmlns="{TR2}"><Protocol>RTSP</Protocol>'
            f"<ProfileToken>{quoted}</ProfileToken></GetStreamUri>"
        )
        found = asker.ask(services[TR2], request).find(f"{{{TR2}}}Uri")
    uri = foreign_xml.text(found)
    return shown(uri) if uri.startswith(("rtsp://", "rtsps://", "http://", "https://")) else ""


def _whole(element: etree._Element | None) -> int:
    words = foreign_xml.text(element, limit=9)
    return int(words) if words.isascii() and words.isdigit() else 0
