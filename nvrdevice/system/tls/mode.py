"""Whether HTTPS is off, beside HTTP, or the only way in."""

from dataclasses import dataclass

from nvrdevice import state

OFF, OPTIONAL, REQUIRED = "off", "optional", "required"


@state.section("system.yaml")
@dataclass(frozen=True, kw_only=True)
class TlsSettings:
    https: str = state.setting(
        OPTIONAL,
        title="HTTPS",
        help="Of pages, ONVIF and REST. off: HTTP only. optional: both. required: HTTP only points "
        "to HTTPS. Set it on the page, which takes required back by itself if HTTPS cannot be "
        "reached. RTSP inside TLS has a port of its own (RTSPS_PORT), which stays open with off.",
        choices=(OFF, OPTIONAL, REQUIRED),
    )


def mode() -> str:
    return state.read(TlsSettings).https
