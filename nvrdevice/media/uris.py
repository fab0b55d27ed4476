"""Where streams and snapshots are found. They carry the host the client used (interop: inner
addresses in answers are what NVRs behind a router fail on)."""

from urllib.parse import quote

from django.conf import settings

URI_LIMIT = 128  # octets, Media 5.15.1


def stream_path(profile_token: str) -> str:
    """The RTSP path of a profile: "/profile1" for the first source's main stream."""
    return "/" + quote(profile_token, safe="")


def stream_uri(profile_token: str, host: str) -> str:
    """host as a URI wants it: an IPv6 address in brackets."""
    return f"rtsp://{host}:{settings.RTSP_PORT}{stream_path(profile_token)}"


def tls_uri(profile_token: str, host: str) -> str:
    """RTSP inside TLS. ONVIF asks for no such address: what it calls RTSPS carries SRTP."""
    return f"rtsps://{host}:{settings.RTSPS_PORT}{stream_path(profile_token)}"


def tunnel_uri(profile_token: str, base_url: str) -> str:
    """RTSP through HTTP: scheme and port of the web service (Media2 5.11; the device test's
    HelperGetStreamUri checks both). Clients exchange http for rtsp in what they say inside."""
    return base_url + stream_path(profile_token)


def snapshot_uri(base_url: str, profile_token: str) -> str:
    return f"{base_url}/onvif/snapshot/{quote(profile_token, safe='')}"
