"""Who asks, and may they: Core's rules for HTTP Digest and WS-UsernameToken side by side.

Credentials on both levels are checked on the HTTP level first, then on the WS level; Basic
and Bearer count as none, since clients send their web login to every path of a host.
"""

from typing import NamedTuple

from nvrdevice.accounts import access, http_digest, username_token
from nvrdevice.accounts.book import Account
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.refusals import Refused
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.soap.build import Element
from onvif_api.soap.call import Runner
from onvif_api.soap.namespaces import name

_TEXT_TYPE = "#PasswordText"
_DIGEST_TYPE = "#PasswordDigest"
_SECURITY, _USERNAME_TOKEN = name("wsse:Security"), name("wsse:UsernameToken")
_USERNAME, _PASSWORD, _NONCE = name("wsse:Username"), name("wsse:Password"), name("wsse:Nonce")
_CREATED, _CREATED_IN_WSSE = name("wsu:Created"), name("wsse:Created")


class Asked(NamedTuple):
    """What of the HTTP request counts for authentication."""

    method: str
    uri: str
    authorization: str
    address: str
    secure: bool
    foreign_page: bool = False  # of another site, by the Origin header


class UsernameToken(NamedTuple):
    username: str
    password: str
    nonce: str
    created: str
    is_digest: bool

    def __repr__(self) -> str:
        return f"UsernameToken({self.username!r})"


def read_username_token(header: Element | None) -> UsernameToken | None:
    """The one UsernameToken of the Security headers, or None."""
    if header is None:
        return None
    tokens = [
        token
        for security in header
        if security.tag == _SECURITY
        for token in security
        if token.tag == _USERNAME_TOKEN
    ]
    if not tokens:
        return None
    if len(tokens) > 1:
        raise refuse("The Security header has more than one UsernameToken.")
    parts: dict[str, Element] = {}
    for part in tokens[0]:
        parts.setdefault(part.tag, part)
    password = parts.get(_PASSWORD)
    # UsernameToken Profile 1.0, 3.1: a Password without Type is text.
    kind = "" if password is None else password.get("Type", "").strip()
    if kind and not kind.endswith((_TEXT_TYPE, _DIGEST_TYPE)):
        raise refuse("The Password of the UsernameToken has a Type other than digest or text.")
    return UsernameToken(
        username=_text(parts.get(_USERNAME)),
        password="" if password is None else password.text or "",
        nonce=_text(parts.get(_NONCE)),
        # Some clients put Created into the wsse namespace.
        created=_text(parts.get(_CREATED)) or _text(parts.get(_CREATED_IN_WSSE)),
        is_digest=kind.endswith(_DIGEST_TYPE),
    )


def _text(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


class Security:
    """Authentication and authorization by nvrdevice.accounts."""

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock

    def is_pre_auth(self, operation: str) -> bool:
        """PRE_AUTH operations are answered whatever credentials come with them.

        Core 5.9.4.3: such a service "shall not require user authentication". A client whose clock
        is wrong sends a UsernameToken that cannot be valid with the very GetSystemDateAndTime
        that would put it right, so wrong credentials are not even looked at.
        """
        return access.may_call(Level.ANONYMOUS, operation)

    async def authenticate(
        self, asked: Asked, header: Element | None, runner: Runner
    ) -> Account | None:
        """The account behind the credentials, None if there are none; Refused if wrong."""
        account = None
        if asked.authorization[:7].lower() == "digest ":
            if asked.foreign_page:
                # A browser answers for any page, once a person signed in to one of ours.
                raise DeviceError(
                    Kind.FORBIDDEN,
                    "A page of another site asked this with the browser's own sign-in.",
                    subcode="NotAuthorized",
                )
            account = http_digest.verify(
                asked.authorization,
                asked.method,
                asked.uri,
                address=asked.address,
                clock=self._clock,
            )
        token = read_username_token(header)
        # Many clients send both; where tokens are switched off, the other one decides.
        if token is None or (account is not None and not username_token.is_accepted()):
            return account
        if token.is_digest:
            return username_token.verify(
                token.username,
                token.password,
                token.nonce,
                token.created,
                address=asked.address,
                clock=self._clock,
            )
        # bcrypt takes up to a second on a small board: never in the event loop.
        checked: Account = await runner(lambda: self._verify_text(token, asked))
        return checked

    def _verify_text(self, token: UsernameToken, asked: Asked) -> Account:
        return username_token.verify_text(
            token.username,
            token.password,
            address=asked.address,
            secure=asked.secure,
            clock=self._clock,
        )

    def authorize(self, account: Account | None, operation: str) -> None:
        """Core's default policy; an operation that its table does not know is denied to all."""
        if account is None:
            raise refuse("This operation needs a user of this device: send credentials.")
        if not access.may_call(account.level, operation):
            # Not ter:OperationProhibited, which says "not permitted by the device" to anybody:
            # here "the sender is not authorized" (Core, generic faults).
            raise DeviceError(
                Kind.FORBIDDEN,
                f"The level of the user {account.username} does not allow this operation.",
                subcode="NotAuthorized",
            )

    def challenges(self, refusal: DeviceError) -> list[str]:
        """The WWW-Authenticate values that go with a refusal for want of valid credentials."""
        stale = isinstance(refusal, Refused) and refusal.stale
        return http_digest.challenges(stale=stale, clock=self._clock)


def refuse(text: str) -> DeviceError:
    return DeviceError(Kind.UNAUTHENTICATED, text, subcode="NotAuthorized")
