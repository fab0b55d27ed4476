"""A SOAP client in this process: bytes in through the ASGI callable, a checked answer out.

call() logs in as an NVR does, with a WS-UsernameToken digest, and validates every answer
against the official schemas. Operations that wait for the database run in the caller's thread,
so that they see the test's transaction; the others run under a running event loop, where Django
refuses database access, exactly as in the web process.
"""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock, iso_utc
from onvif_api.soap.app import SoapApp
from onvif_api.soap.namespaces import ENV_11, ENV_12, NS, name
from onvif_api.soap.security import Security
from tests.onvif_api import schema

PASSWORDS = {
    "admin": "Correct-horse-1",
    "operator": "Correct-horse-2",
    "viewer": "Correct-horse-3",
}
SOAP_12 = "application/soap+xml; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    raw: bytes

    @property
    def envelope(self) -> etree._Element:
        return etree.fromstring(self.raw)

    @property
    def version(self) -> str:
        return str(etree.QName(self.envelope).namespace)

    @property
    def body(self) -> etree._Element:
        """The answer's element: a response or a Fault."""
        return self.envelope.find(f"{{{self.version}}}Body")[0]

    @property
    def wsa(self) -> dict[str, str]:
        """The WS-Addressing headers by local name."""
        header = self.envelope.find(f"{{{self.version}}}Header")
        blocks = () if header is None else header.iterchildren(f"{{{NS['wsa']}}}*")
        return {etree.QName(block).localname: block.text or "" for block in blocks}

    @property
    def fault(self) -> str:
        """Code and subcodes without prefixes, "Sender/InvalidArgVal/NoProfile"; "" if none."""
        if self.version == ENV_11:
            code = self.body.findtext("faultcode")
            return "" if code is None else code.partition(":")[2]
        values = self.body.findall(f"{name('env:Code')}//{name('env:Value')}")
        return "/".join((value.text or "").partition(":")[2] for value in values)

    @property
    def reason(self) -> str:
        return self.body.findtext(f"{name('env:Reason')}/{name('env:Text')}") or ""

    def header(self, wanted: str) -> list[str]:
        return [value for key, value in self.headers if key == wanted.lower()]

    def text(self, path: str) -> str | None:
        """The text at a path of prefixed names below the answer's element."""
        return self.body.findtext("/".join(name(step) for step in path.split("/")))

    def all(self, path: str) -> list[etree._Element]:
        return self.body.findall("/".join(name(step) for step in path.split("/")))


def call(
    request: str | bytes,
    as_: str | None = None,
    path: str = "/onvif/device_service",
    *,
    password: str | None = None,
    header: str = "",
    host: str = "192.0.2.7:8000",
    address: str = "127.0.0.1",
    clock: Clock = SYSTEM_CLOCK,
    security: Security | None = None,
    raw_path: str | None = None,
) -> Answer:
    """Ask one operation; `request` is its element, prefixes of this project declared."""
    return asyncio.run(
        acall(
            request,
            as_,
            path,
            password=password,
            header=header,
            host=host,
            address=address,
            clock=clock,
            security=security,
            raw_path=raw_path,
        )
    )


async def acall(
    request: str | bytes,
    as_: str | None = None,
    path: str = "/onvif/device_service",
    *,
    password: str | None = None,
    header: str = "",
    host: str = "192.0.2.7:8000",
    address: str = "127.0.0.1",
    clock: Clock = SYSTEM_CLOCK,
    security: Security | None = None,
    raw_path: str | None = None,
) -> Answer:
    """The same from a test that is a coroutine itself."""
    if as_ is not None:
        header += username_token(as_, password or PASSWORDS[as_], clock.now())
    body = request if isinstance(request, bytes) else envelope(request, header)
    app = SoapApp(runner=run_here, security=security, clock=clock)
    answer = await send(app, body, path, host=host, address=address)
    check(answer)
    return answer


async def send(
    app: Callable[..., Any],
    body: bytes,
    path: str = "/onvif/device_service",
    *,
    method: str = "POST",
    host: str = "192.0.2.7:8000",
    address: str = "127.0.0.1",
    content_type: str | None = SOAP_12,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One HTTP request through an ASGI callable, nothing checked."""
    plain_path, _, query = path.partition("?")
    given = {"host": host} | ({"content-type": content_type} if content_type else {})
    given |= headers or {}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": plain_path,
        "raw_path": plain_path.encode(),
        "query_string": query.encode(),
        "headers": [(key.encode(), value.encode("latin-1")) for key, value in given.items()],
        "client": [address, 50000],
        "server": ["192.0.2.7", 8000],
    }
    waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    waiting.put_nowait({"type": "http.request", "body": body, "more_body": False})
    sent: list[dict[str, Any]] = []

    async def keep(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, waiting.get, keep)
    return Answer(
        status=sent[0]["status"],
        headers=[(key.decode(), value.decode("latin-1")) for key, value in sent[0]["headers"]],
        raw=b"".join(message.get("body", b"") for message in sent[1:]),
    )


async def run_here(function: Callable[[], Any]) -> Any:
    """The pool of the tests: the caller's own thread, where a database may be used."""
    loop = asyncio.get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return function()
    finally:
        asyncio._set_running_loop(loop)


def check(answer: Answer) -> None:
    """Every answer is a valid message; a fault's parts are checked by their own schema."""
    element = answer.body
    if etree.QName(element).localname == "Fault":
        details = [*element.iterfind(f"{name('env:Detail')}/*"), *element.iterfind("detail/*")]
        wrong = [problem for detail in details for problem in schema.problems(detail)]
    else:
        wrong = schema.problems(element)
    assert wrong == [], wrong


def envelope(request: str, header: str = "", version: str = ENV_12) -> bytes:
    names = " ".join(
        f'xmlns:{prefix}="{uri}"'
        for prefix, uri in NS.items()
        if prefix not in {"env", "env11", "xml"}
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<s:Envelope xmlns:s="{version}" {names}>'
        f"<s:Header>{header}</s:Header><s:Body>{request}</s:Body></s:Envelope>"
    ).encode()


def username_token(username: str, password: str, at: datetime, nonce: bytes | None = None) -> str:
    """A WS-UsernameToken digest as NVRs make it."""
    nonce = nonce or secrets.token_bytes(16)
    created = iso_utc(at)
    digest = hashlib.sha1(nonce + created.encode() + password.encode()).digest()
    kind = (
        "http://docs.oasis-open.org/wss/2004/01/"
        "oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
    )
    return (
        '<wsse:Security s:mustUnderstand="true"><wsse:UsernameToken>'
        f"<wsse:Username>{username}</wsse:Username>"
        f'<wsse:Password Type="{kind}">{base64.b64encode(digest).decode()}</wsse:Password>'
        f"<wsse:Nonce>{base64.b64encode(nonce).decode()}</wsse:Nonce>"
        f"<wsu:Created>{created}</wsu:Created>"
        "</wsse:UsernameToken></wsse:Security>"
    )
