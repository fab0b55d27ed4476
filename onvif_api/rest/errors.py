"""Refusals as JSON: the one place that turns an exception into status, body and headers.

{"error": {"kind": "invalid", "code": "username_clash", "text": "…", "field": "username"}}: kind
is one of few, code is exact, text says what was wrong and what would be right.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from nvrdevice.accounts import REALM, http_digest
from nvrdevice.accounts.refusals import WRONG, Reason, Refused
from nvrdevice.lib.errors import DeviceError, Kind

log = logging.getLogger(__name__)

STATUS = {
    Kind.INVALID: 400,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.LIMIT: 409,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.UNSUPPORTED: 501,
    Kind.UNAVAILABLE: 503,
    Kind.INTERNAL: 500,
}
KIND_OF = {
    400: Kind.INVALID,
    403: Kind.FORBIDDEN,
    404: Kind.MISSING,
    405: Kind.INVALID,
    415: Kind.INVALID,
}
# Subcodes that say no more than the kind, and one that says too little without its parent.
GENERIC = frozenset(
    {"invalid_arg_val", "invalid_args", "action", "operation_prohibited", "not_authorized"}
)
EXACT = {"password": "password_too_weak"}
RETRY_S = 2
PASSWORD_CHANGE_REQUIRED = "password_change_required"  # noqa: S105 - a code, no secret
NOT_SET_UP = frozenset({Reason.SETUP_REQUIRED, Reason.FOREIGN_NETWORK})
DATABASE_CLOSED = (
    "The device cannot use its database just now (its disk may be full): /health/ says more."
)
OUR_FAULT = "The device could not do this. Its log says why."
# In front of the realm's digests: who reads only the first challenge can answer it by hand.
PLAIN_CHALLENGE = f'UsernameToken realm="{REALM}"'


class RestError(DeviceError):
    """A DeviceError with the exact status and code that only this face knows."""

    def __init__(
        self,
        kind: Kind,
        text: str,
        *,
        code: str,
        status: int | None = None,
        field: str | None = None,
        wait_s: int = 0,
    ) -> None:
        super().__init__(kind, text, field=field)
        self.code = code
        self.status = status or STATUS[kind]
        self.wait_s = wait_s


@dataclass(frozen=True)
class Described:
    """An error, worked out but not yet written."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """For the log."""
        return str(self.body["error"]["code"])


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Django REST framework's EXCEPTION_HANDLER."""
    found = describe(error, by_script=is_by_script(context["request"].headers))
    return Response(found.body, status=found.status, headers=found.headers)


def is_by_script(headers: Any) -> bool:
    """Whether a script of a page asks: a Digest challenge would open the browser's dialog."""
    return bool(headers.get("X-Requested-With"))


def describe(error: Exception, *, by_script: bool = False) -> Described:
    if isinstance(error, DeviceError):
        return _device_error(error, by_script=by_script)
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.APIException):
        return _framework_error(error)
    if isinstance(error, OperationalError):
        log.error("REST failed: %s", error)
        return _device_error(DeviceError(Kind.UNAVAILABLE, DATABASE_CLOSED))
    log.error("REST failed", exc_info=error)
    return _device_error(DeviceError(Kind.INTERNAL, OUR_FAULT))


def _device_error(error: DeviceError, *, by_script: bool = False) -> Described:
    kind, status, wait_s = error.kind, STATUS[error.kind], 0
    code = _code(error)
    if isinstance(error, RestError):
        status, code, wait_s = error.status, error.code, error.wait_s
    elif isinstance(error, Refused):
        kind, status, code = _refused(error)
        wait_s = error.wait_s
    headers: dict[str, str] = {}
    if status == 401:
        stale = isinstance(error, Refused) and error.stale
        headers["WWW-Authenticate"] = challenges(stale=stale, by_script=by_script)
    if status == 503 or wait_s:
        headers["Retry-After"] = str(wait_s or RETRY_S)
    name = _field(error.field)
    return Described(status, _body(kind, code, error.text, name), headers)


def _code(error: DeviceError) -> str:
    """The innermost ONVIF subcode where it says more than the kind does."""
    inner = _snake(error.subcode.rpartition("/")[2])
    if not inner or inner in GENERIC:
        return error.kind.value
    return EXACT.get(inner, inner)


def _refused(error: Refused) -> tuple[Kind, int, str]:
    if error.reason in NOT_SET_UP:
        return Kind.FORBIDDEN, 403, PASSWORD_CHANGE_REQUIRED
    if error.reason is Reason.SLOWED_DOWN:
        return Kind.UNAUTHENTICATED, 429, "slowed_down"
    # The code tells no more than the sentence: which users there are is nobody's business.
    code = "unauthenticated" if error.text == WRONG else error.reason.name.lower()
    return Kind.UNAUTHENTICATED, 401, code


def challenges(*, stale: bool = False, by_script: bool = False) -> str:
    """All challenges in one header, as HTTP allows; the front writes each on its own line."""
    digests = [] if by_script else http_digest.challenges(stale=stale)
    return ", ".join([PLAIN_CHALLENGE, *digests])


def _framework_error(error: exceptions.APIException) -> Described:
    status = error.status_code
    kind = KIND_OF.get(status, Kind.INTERNAL)
    code = _snake(type(error).__name__)
    text = str(error.detail)
    if isinstance(error, exceptions.ParseError):
        text = f"The body is no JSON that can be read: {text}"
    elif isinstance(error, exceptions.UnsupportedMediaType):
        text = "Send the body as application/json."
    elif isinstance(error, exceptions.NotFound):
        text = "There is nothing at this address: /api/docs/ lists what there is."
    elif isinstance(error, exceptions.PermissionDenied):  # only its CSRF check raises it
        code = "csrf"
        text = (
            "This session needs the header X-CSRFToken with the token of one of its pages; "
            f"a program sends UsernameToken or Digest instead. {text}"
        )
    return Described(status, _body(kind, code, text, None))


def _invalid(error: exceptions.ValidationError) -> Described:
    """The first thing wrong as the error, the others beside it."""
    first, *others = _flat(error.detail, "")
    body = _body(Kind.INVALID, "invalid", _sentence(*first), first[0] or None)
    if others:
        body["error"]["more"] = [
            {"field": name or None, "text": _sentence(name, text)} for name, text in others
        ]
    return Described(400, body)


def _flat(detail: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, _joined(place, name))
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, f"{place}[{index}]" if nested else place)
    else:
        yield place, str(detail)


def _joined(place: str, name: Any) -> str:
    """roles[0].name, as the messages about documents write it."""
    if name == "non_field_errors":
        return place
    if isinstance(name, int):
        return f"{place}[{name}]"
    return f"{place}.{name}" if place else str(name)


def _sentence(name: str, text: str) -> str:
    return f"{name}: {text}" if name else text


def _body(kind: Kind, code: str, text: str, name: str | None) -> dict[str, Any]:
    return {"error": {"kind": kind.value, "code": code, "text": text, "field": name}}


def _field(name: str | None) -> str | None:
    """A name as REST writes it: tds:Category is category, ProfileToken is profile_token."""
    return _snake(name.rpartition(":")[2]) if name else None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
