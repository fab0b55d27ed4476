"""What every answer of Django carries: a strict policy for scripts, and no copies of pages."""

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from nvrdevice.clients import addresses
from nvrdevice.system.tls import only
from webui.access import host_of

# Nothing from elsewhere, nothing inline. blob: is the picture, which a script makes of what it
# gets over a socket.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
STRICT = f"max-age={30 * 86_400}"
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


class SecurityHeaders(MiddlewareMixin):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # Whoever uses this computer after sign-out must not find the pages by "back".
        response.headers.setdefault("Cache-Control", "no-store")
        # Browsers remember it for every port of a host: only where it is wanted for good.
        if request.is_secure() and only.is_settled() and is_name(host_of(request)):
            response.headers["Strict-Transport-Security"] = STRICT
        return response


def is_name(host: str) -> bool:
    """Whether it is a host's name: HSTS under an address means nothing (RFC 6797 8.1.1)."""
    return host != "localhost" and addresses.parse(host.strip("[]")) is None
