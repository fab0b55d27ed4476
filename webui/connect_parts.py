"""What /connect/ shows: what an NVR must be told, and how far it came on its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from nvrdevice import state
from nvrdevice.accounts import book, users
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.settings import AccountSettings
from nvrdevice.clients import addresses
from nvrdevice.health import checklist
from nvrdevice.health.checklist import Progress, Step, Talker
from nvrdevice.health.remedies import Remedy
from nvrdevice.media import profiles, uris
from nvrdevice.system import identity, interfaces, protocols
from webui.access import ROLES, host_of, level_of

ONVIF_PATH = "/onvif/device_service"
TALKERS = 8  # shown to choose from

# In the order of the tabs: the name in the address, the name people know.
NVRS = (
    ("home-assistant", "Home Assistant"),
    ("frigate", "Frigate"),
    ("unifi-protect", "UniFi Protect"),
    ("hikvision", "Hikvision"),
    ("dahua", "Dahua"),
    ("synology", "Synology"),
    ("blue-iris", "Blue Iris"),
    ("scrypted", "Scrypted"),
    ("rtsp", "Any other, by RTSP"),
)


@dataclass(frozen=True)
class Tab:
    slug: str
    words: str
    current: bool


@dataclass(frozen=True)
class Stream:
    name: str
    uri: str
    tls_uri: str
    snapshot: str

    @property
    def test_line(self) -> str:
        """To be filled in by hand: the device shows no password."""
        login = self.uri.replace("rtsp://", "rtsp://USER:PASSWORD@", 1)
        return f"ffprobe -rtsp_transport tcp {login}"


@dataclass(frozen=True)
class Cure:
    """A step of the checklist with the button that cures it."""

    step: Step
    url: str = ""
    words: str = ""
    username: str = ""  # shown to whom it may be shown

    @property
    def is_failed(self) -> bool:
        return self.step.progress is Progress.FAILED


def _port(request: HttpRequest) -> str:
    """The port the visitor typed: behind a proxy or a mapping it is not the device's own."""
    port = urlsplit(f"//{request.get_host()}").port
    return str(port or (443 if request.is_secure() else 80))


def _elsewhere(host: str) -> list[str]:
    """Who sits at the device itself came by an address that no NVR can use: those that it can."""
    own = addresses.parse(host)
    if host != "localhost" and (own is None or not own.is_loopback):
        return []
    found = [str(each.ip) for interface in interfaces.usable() for each in interface.ipv4]
    return [each for each in found if each != host]


def facts(request: HttpRequest, nvr: str) -> dict[str, Any]:
    """All but the checklist. nvr: whose steps to show."""
    host, base = host_of(request), request.build_absolute_uri("/").rstrip("/")
    streams = [
        Stream(
            profile.name,
            uris.stream_uri(profile.token, host),
            uris.tls_uri(profile.token, host),
            uris.snapshot_uri(base, profile.token),
        )
        for profile in profiles.media().profiles
        if profile.fixed
    ]
    return {
        "host": host,
        "elsewhere_words": ", ".join(_elsewhere(host)),
        "http_port": _port(request),
        "rtsp_port": str(settings.RTSP_PORT),
        "tls_open": bool(protocols.listening(settings.RTSPS_PORT)),
        "onvif_path": ONVIF_PATH,
        "onvif_url": base + ONVIF_PATH,
        "mac": interfaces.identity_mac(),
        "serial_number": identity.read().serial_number,
        "window_s": state.read(AccountSettings).token_window_s,
        "streams": streams,
        "main": streams[0] if streams else None,
        "sub": streams[1] if len(streams) > 1 else None,
        "accounts": _accounts(request),
        "tabs_nvr": [Tab(slug, words, slug == nvr) for slug, words in NVRS],
        "nvr": nvr,
        "nvr_template": f"partials/nvr/{nvr.replace('-', '_')}.html",
    }


def chosen(slug: str) -> str:
    return slug if slug in dict(NVRS) else NVRS[0][0]


def _accounts(request: HttpRequest) -> list[dict[str, Any]]:
    """Those an NVR may use; who is no administrator sees the own one only."""
    is_administrator = level_of(request.user) >= Level.ADMINISTRATOR
    own = request.user.get_username()
    return [
        {
            "username": person.username,
            "role": ROLES[person.level][0] if person.level in ROLES else "No role",
            "waiting": person.waiting_for_password,
        }
        for person in users.list_users()
        if person.active and person.onvif_access and (is_administrator or person.username == own)
    ]


def parts(level: Level, client: str, nvr: str) -> dict[str, str]:
    """The parts that follow the NVR, by the id of their place. client: "" follows the newcomer."""
    found = checklist.talkers()
    address = client or checklist.newcomer(found)
    steps = checklist.read(address)
    context = {
        "cures": [cure(step, level) for step in steps],
        "complete": checklist.is_complete(steps),
        "address": address,
        "talker": next((each for each in found if each.address == address), None),
        "talkers": _beside(found, address),
        "pinned": bool(client),
        "nvr": nvr,
    }
    return {
        name: render_to_string(f"partials/connect/{name}.html", context)
        for name in ("checklist", "talkers")
    }


def _beside(found: Iterable[Talker], address: str) -> list[Talker]:
    """Whom else one may follow, the one followed included."""
    shown = list(found)[:TALKERS]
    return shown if len(shown) > 1 or any(each.address != address for each in shown) else []


def cure(step: Step, level: Level) -> Cure:
    """Who may not go where the cure is gets no button; the sentence says what to do."""
    is_administrator = level >= Level.ADMINISTRATOR
    known = bool(step.username) and book.entry(step.username) is not None
    username = step.username if is_administrator or known else ""
    if step.remedy is Remedy.DIAGNOSTICS:
        return Cure(step, reverse("diagnostics"), "Open diagnostics", username)
    if step.remedy is Remedy.SETUP:
        return Cure(step, reverse("setup-account"), "Choose your password", username)
    if not is_administrator:
        return Cure(step, username=username)
    if step.remedy is Remedy.USER and known:
        url = reverse("user", args=[step.username])
        return Cure(step, url, f"Open the user {step.username}", username)
    if step.remedy in (Remedy.ADD_USER, Remedy.USER):
        query = urlencode({"username": step.username}, quote_via=quote)
        return Cure(step, f"{reverse('user-add')}?{query}", "Add this user", username)
    if step.remedy is Remedy.TIME:
        return Cure(step, reverse("system-time"), "Set the clock", username)
    if step.remedy is Remedy.SECURITY:
        return Cure(step, reverse("system-security"), "Choose how to sign in", username)
    return Cure(step, username=username)
