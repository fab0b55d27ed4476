"""Who asks, and may they: Core's rules for HTTP Digest and WS-UsernameToken side by side.

Credentials on both levels are checked on the HTTP level first, then on the WS level; Basic
and Bearer count as none, since clients send their web login to every path of a host.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.soap.build import Element
from onvif_api.soap.namespaces import NS, name

if TYPE_CHECKING:
    from nvrdevice.accounts.book import Account

_TEXT_TYPE = "#PasswordText"
_DIGEST_TYPE = "#PasswordDigest"


@dataclass(frozen=True)
class Asked:
    """What of the HTTP request counts for authentication."""

    method: str
    uri: str
    authorization: str
    address: str
    secure: bool


@dataclass(frozen=True)
class UsernameToken:
    username: str
    password: str
    nonce: str
    created: str
    is_digest: bool


def read_username_token(header: Element | None) -> UsernameToken | None:
    """The one UsernameToken of the Security headers, or None."""
    if header is None:
        return None
    tokens = [
        token
        for security in header.iterchildren(name("wsse:Security"))
        for token in security.iterchildren(name("wsse:UsernameToken"))
    ]
    if not tokens:
        return None
    if len(tokens) > 1:
        raise refuse("The Security header has more than one UsernameToken.")
    token = tokens[0]
    password = token.find(name("wsse:Password"))
    # UsernameToken Profile 1.0, 3.1: a Password without Type is text.
    kind = "" if password is None else password.get("Type", "").strip()
    if kind and not kind.endswith((_TEXT_TYPE, _DIGEST_TYPE)):
        raise refuse("The Password of the UsernameToken has a Type other than digest or text.")
    return UsernameToken(
        username=(token.findtext(name("wsse:Username")) or "").strip(),
        password="" if password is None else password.text or "",
        nonce=(token.findtext(name("wsse:Nonce")) or "").strip(),
        created=_created(token),
        is_digest=kind.endswith(_DIGEST_TYPE),
    )


def _created(token: Element) -> str:
    # Some clients put Created into the wsse namespace.
    found = token.findtext(name("wsu:Created")) or token.findtext(f"{{{NS['wsse']}}}Created")
    return (found or "").strip()


class Security:
    """Authentication and authorization by nvrdevice.accounts."""

    def is_pre_auth(self, operation: str) -> bool:
        """PRE_AUTH operations are answered whatever credentials come with them.

        Core 5.9.4.3: such a service "shall not require user authentication". A client whose clock
        is wrong sends a UsernameToken that cannot be valid with the very GetSystemDateAndTime
        that would put it right, so wrong credentials are not even looked at.
        """
        from nvrdevice.accounts.levels import Level

        from nvrdevice.accounts import access

        found = access.access_class(operation)
        return found is not None and access.may(Level.ANONYMOUS, found)

    def authenticate(self, asked: Asked, header: Element | None) -> "Account | None":
        """The account behind the credentials, None if there are none; Refused if wrong."""
        from nvrdevice.accounts import http_digest, username_token

        account = None
        if asked.authorization[:7].lower() == "digest ":
            account = http_digest.verify(
                asked.authorization, asked.method, asked.uri, address=asked.address
            )
        token = read_username_token(header)
        if token is None:
            return account
        if token.is_digest:
            return username_token.verify(
                token.username, token.password, token.nonce, token.created, address=asked.address
            )
        return username_token.verify_text(
            token.username, token.password, address=asked.address, secure=asked.secure
        )

    def authorize(self, account: "Account | None", operation: str) -> None:
        """Core's default policy; an operation that its table does not know is denied to all."""
        from nvrdevice.accounts import access

        if account is None:
            raise refuse("This operation needs a user of this device: send credentials.")
        found = access.access_class(operation)
        if found is None or not access.may(account.level, found):
            # Not ter:OperationProhibited, which says "not permitted by the device" to anybody:
            # here "the sender is not authorized" (Core, generic faults).
            raise DeviceError(
                Kind.FORBIDDEN,
                f"The level of the user {account.username} does not allow this operation.",
                subcode="NotAuthorized",
            )

    def challenges(self) -> list[str]:
        from nvrdevice.accounts import http_digest

        return http_digest.challenges()


def refuse(text: str) -> DeviceError:
    return DeviceError(Kind.UNAUTHENTICATED, text, subcode="NotAuthorized")
