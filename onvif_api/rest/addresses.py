"""The host the client used, for the addresses that answers carry."""

from django.http import HttpRequest
from rest_framework.request import Request

from onvif_api.soap import http


def base_url(request: Request | HttpRequest) -> tuple[str, str]:
    """The address "http://host:port" as the client wrote it, and its host, IPv6 in brackets."""
    meta = request.META
    server = (meta.get("SERVER_NAME", "127.0.0.1"), meta.get("SERVER_PORT") or 80)
    return http.base_url(request.scheme or "http", meta.get("HTTP_HOST", ""), server)
