"""One SOAP question to a foreign ONVIF device: bounded in size and time, its answer distrusted."""

import base64
import hashlib
import http.client
import secrets
import ssl
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from lxml import etree

from nvrdevice.discovery import digest
from nvrdevice.lib import foreign_xml
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock, iso_utc
from nvrdevice.lib.errors import DeviceError, Kind

ANSWER_LIMIT = 1_000_000
TIMEOUT_S = 5.0
S12 = "http://www.w3.org/2003/05/soap-envelope"
S11 = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DIGEST = (
    "http://docs.oasis-open.org/wss/2004/01/"
    "oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
)
NOT_LET_IN = ("NotAuthorized", "FailedAuthentication", "InvalidSecurity")


@dataclass(frozen=True)
class Login:
    username: str
    password: str


@dataclass
class Asker:
    """Puts questions to one device; clock_offset_s: how far its clock is ahead of ours."""

    host: str  # as a socket takes it, with the interface of a link-local address
    login: Login | None = None
    clock_offset_s: float = 0.0
    clock: Clock = SYSTEM_CLOCK

    def ask(self, url: str, request: str) -> etree._Element:
        """The element in the answer's body; DeviceError says in words why there is none."""
        envelope = (
            f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{S12}">'
            f"<s:Header>{self._security()}</s:Header><s:Body>{request}</s:Body></s:Envelope>"
        )
        status, raw, challenges = self._post(url, envelope.encode())
        if status == 401 and self.login is not None and (asked := digest.choose(challenges)):
            # Some take no UsernameToken, others have it switched off.
            status, raw, _ = self._post(url, envelope.encode(), asked)
        root = foreign_xml.parse(raw, limit=ANSWER_LIMIT)
        content = _content(root)
        if content is None and status in (401, 403):
            raise _not_let_in(self.login)
        if content is None:
            raise DeviceError(Kind.UNAVAILABLE, f"It answers no SOAP (HTTP status {status}).")
        if etree.QName(content).localname == "Fault":
            raise _refused(content, self.login)
        return content

    def _security(self) -> str:
        """A UsernameToken by the device's own clock: it refuses one that seems old."""
        if self.login is None:
            return ""
        nonce = secrets.token_bytes(20)
        created = iso_utc(self.clock.now() + timedelta(seconds=self.clock_offset_s))
        made = hashlib.sha1(  # what the standard asks for
            nonce + created.encode() + self.login.password.encode(), usedforsecurity=False
        ).digest()
        return (
            f'<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}" s:mustUnderstand="1">'
            f"<wsse:UsernameToken><wsse:Username>{escape(self.login.username)}</wsse:Username>"
            f'<wsse:Password Type="{DIGEST}">{base64.b64encode(made).decode()}</wsse:Password>'
            f"<wsse:Nonce>{base64.b64encode(nonce).decode()}</wsse:Nonce>"
            f"<wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security>"
        )

    def _post(
        self, url: str, body: bytes, challenge: digest.Challenge | None = None
    ) -> tuple[int, bytes, list[str]]:
        """Status, body, and the challenges of WWW-Authenticate."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": "application/soap+xml; charset=utf-8", "Connection": "close"}
        if challenge is not None and self.login is not None:
            headers["Authorization"] = digest.answer(
                challenge,
                username=self.login.username,
                password=self.login.password,
                method="POST",
                path=path,
            )
        connection = _connection(parts.scheme, self.host, parts.port)
        until_s = self.clock.monotonic_s() + TIMEOUT_S
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            raw = b""
            while chunk := response.read(16_384):
                raw += chunk
                if len(raw) > ANSWER_LIMIT:
                    raise DeviceError(Kind.UNAVAILABLE, "Its answer is larger than 1 MB.")
                if self.clock.monotonic_s() > until_s:
                    raise TimeoutError
            return response.status, raw, response.headers.get_all("WWW-Authenticate") or []
        except TimeoutError:
            raise DeviceError(
                Kind.UNAVAILABLE, f"It did not answer within {TIMEOUT_S:g} s."
            ) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise DeviceError(Kind.UNAVAILABLE, f"It cannot be asked ({reason}).") from None
        finally:
            connection.close()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme != "https":
        return http.client.HTTPConnection(host, port or 80, timeout=TIMEOUT_S)
    # Cameras have certificates of their own making. What is sent is a digest, never a password.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port or 443, timeout=TIMEOUT_S, context=context)


def _content(root: etree._Element | None) -> etree._Element | None:
    for namespace in (S12, S11):
        if root is not None and root.tag == f"{{{namespace}}}Envelope":
            body = root.find(f"{{{namespace}}}Body")
            return body[0] if body is not None and len(body) else None
    return None


def _refused(fault: etree._Element, login: Login | None) -> DeviceError:
    codes = " ".join(foreign_xml.text(each) for each in fault.iter(f"{{{S12}}}Value", "faultcode"))
    if any(code in codes for code in NOT_LET_IN):
        return _not_let_in(login)
    reasons = [foreign_xml.text(each, limit=200) for each in fault.iter(f"{{{S12}}}Text")]
    reasons += [foreign_xml.text(each, limit=200) for each in fault.iter("faultstring")]
    said = next((reason for reason in reasons if reason), codes[:100] or "no reason given")
    return DeviceError(Kind.UNSUPPORTED, f"It refuses: {said}")


def _not_let_in(login: Login | None) -> DeviceError:
    if login is None:
        text = "It tells its streams only to its users: give one with --user."
    else:
        text = f"It does not let in the user {login.username!r} with this password."
    return DeviceError(Kind.UNAUTHENTICATED, text)
