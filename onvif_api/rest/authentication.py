"""Who asks: a UsernameToken header, HTTP Digest, or the session of the pages with its CSRF token.

All of them go through nvrdevice.accounts, with one slow-down for every face. Credentials in a
header count before a session; Basic and Bearer count as none, as they do in SOAP.
"""

from typing import Any, cast

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from nvrdevice.accounts import book, gate, http_digest, networks, passwords, username_token
from nvrdevice.accounts.book import Account
from nvrdevice.accounts.refusals import Reason
from nvrdevice.audit.trail import Actor
from nvrdevice.clients.origin import is_own
from nvrdevice.lib.errors import Kind
from onvif_api.rest import credentials
from onvif_api.rest.errors import RestError

PROTOCOL = "rest"
READING = ("GET", "HEAD")
MALFORMED = (
    'Write UsernameToken username="…" password="…", or username, PasswordDigest, Nonce and '
    "Created for the digest form."
)


def account_of(request: Request) -> Account | None:
    """Who was let in; None for a stranger."""
    return cast(Account | None, request.user)


def actor(request: Request) -> Actor:
    account = account_of(request)
    return Actor(account.username if account else "", address_of(request), PROTOCOL)


def address_of(request: Request | HttpRequest) -> str:
    """The client's address; an IPv4 client of an IPv6 socket appears as ::ffff:a.b.c.d."""
    found = networks.parse(str(request.META.get("REMOTE_ADDR", "")))
    return str(found) if found is not None else ""


class UsernameToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Account, str] | None:
        for name in ("Authorization", "X-WSSE"):
            header = request.headers.get(name, "")
            if credentials.is_token(header):
                return _by_token(header, address_of(request)), "token"
        return None


def _by_token(header: str, address: str) -> Account:
    token = credentials.read(header)
    if token is None:
        attempt = gate.Try("", address, PROTOCOL)
        attempt.open_for()
        raise attempt.refuse(
            Reason.MALFORMED, MALFORMED, note="UsernameToken header that cannot be read"
        )
    if token.digest is None:
        return passwords.check(
            token.username, token.password or "", address=address, protocol=PROTOCOL
        )
    return username_token.verify(
        token.username,
        token.digest,
        token.nonce,
        token.created,
        address=address,
        protocol=PROTOCOL,
    )


class Digest(BaseAuthentication):
    """A browser that answered once adds its answer for any page: see _check_origin."""

    def authenticate(self, request: Request) -> tuple[Account, str] | None:
        header = request.headers.get("Authorization", "")
        if header[:7].lower() != "digest ":
            return None
        _check_origin(request)
        account = http_digest.verify(
            header,
            request.method or "",
            request.get_full_path(),
            address=address_of(request),
            protocol=PROTOCOL,
        )
        return account, "digest"


def _check_origin(request: Request) -> None:
    """Only this device's own pages change anything with credentials that a browser adds itself."""
    origin = request.headers.get("Origin")
    if origin is None or request.method in READING:
        return
    if not is_own(origin, request.headers.get("Host", ""), secure=request.is_secure()):
        raise RestError(
            Kind.FORBIDDEN, "This was asked by a page of another site: ask from here.", code="csrf"
        )


class Session(SessionAuthentication):
    """Somebody signed in to the pages; writing needs the CSRF token as pages do."""

    def authenticate(self, request: Request) -> Any:
        user = getattr(request._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        self.enforce_csrf(request)
        account = book.find(user.get_username())
        return (account, "session") if account is not None else None
