"""The OpenAPI description of REST, made from the views themselves: GET /api/schema/."""

import functools
from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice.accounts.access import AccessClass
from nvrdevice.system import identity
from onvif_api.rest.described import ROLE
from onvif_api.rest.serializers import Error
from onvif_api.rest.view import RestView

__all__ = ["ROLE", "answers", "schema"]

TITLE = "NVR Device"
DESCRIPTION = (
    "The REST interface of an NVR Device. Sign in with the session of its pages, with a "
    "UsernameToken header or with HTTP Digest. Every refusal has the form of Error; 429 and 503 "
    "say in Retry-After how long to wait."
)
# What any address may answer besides its own.
ALWAYS = (401, 403, 429, 503)
WORDS = {
    200: "Done.",
    201: "Created.",
    204: "Removed.",
    400: "Something in the request is wrong: field names it.",
    401: "Credentials are missing or wrong.",
    403: "The role does not allow it, or the first password is not changed yet.",
    404: "There is no such thing.",
    409: "It clashes with what there is, or there is no room.",
    415: "The body is not application/json.",
    429: "Too many requests or wrong passwords: wait as Retry-After says.",
    501: "This device has no such function.",
    503: "A part of the device is down: try again as Retry-After says.",
}


def answers(body: Any, status: int = 200, *refusals: int) -> dict[int, Any]:
    """The responses of an operation, for its schema; who takes a body also names 400 and 415."""
    return {
        status: OpenApiResponse(body, description=WORDS[status]),
        **{each: OpenApiResponse(Error, description=WORDS[each]) for each in (*refusals, *ALWAYS)},
    }


class UsernameTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "onvif_api.rest.authentication.UsernameToken"
    name = "usernameToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-WSSE",
            "description": 'UsernameToken username="admin" password="…", here or in Authorization.',
        }


class DigestScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "onvif_api.rest.authentication.Digest"
    name = "digest"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "digest", "description": "SHA-256 or MD5."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "onvif_api.rest.authentication.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Of the pages; writing needs the X-CSRFToken header besides.",
        }


class StrictBody(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    target_class = "onvif_api.rest.serializers.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        found = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**found, "additionalProperties": False}


@functools.cache
def schema() -> dict[str, Any]:
    from onvif_api.rest import urls

    made: dict[str, Any] = SchemaGenerator(  # type: ignore[no-untyped-call]
        patterns=urls.as_written
    ).get_schema(request=None, public=True)
    made["info"] = {
        "title": TITLE,
        "version": identity.program_version(),
        "description": DESCRIPTION,
    }
    return made


class Schema(RestView):
    access: ClassVar = {"GET": AccessClass.READ_SYSTEM}

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(schema())
