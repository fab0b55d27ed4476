"""The OpenAPI description of REST, made from the views themselves: GET /api/schema/."""

import functools
from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice.accounts.access import AccessClass
from nvrdevice.system import identity
from onvif_api.rest.serializers import Error
from onvif_api.rest.view import RestView

TITLE = "NVR Device"
DESCRIPTION = (
    "The REST interface of an NVR Device. Sign in with the session of its pages, with a "
    "UsernameToken header or with HTTP Digest. Every refusal has the form of Error; 429 and 503 "
    "say in Retry-After how long to wait."
)
# What any address may answer besides its own.
ALWAYS = (401, 403, 429, 503)


def answers(body: Any, status: int = 200, *refusals: int) -> dict[int, Any]:
    """The responses of an operation, for its schema."""
    return {status: body, **dict.fromkeys((*refusals, *ALWAYS), Error)}


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
            "name": "nvrdevice_session",
            "description": "Of the pages; writing needs the X-CSRFToken header besides.",
        }


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
