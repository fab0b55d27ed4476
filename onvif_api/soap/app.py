"""Everything below /onvif/ as one plain ASGI callable, answered before Django's handler.

The life of a request: read the body within bounds, parse the envelope, find the operation,
authenticate, authorize, run it, write the envelope, log one line. A refusal at any step is a
DeviceError and becomes a fault in one place.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError

from nvrdevice import clients
from nvrdevice.audit.trail import Actor
from nvrdevice.lib import afterwards
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system.tls import only
from onvif_api import services, snapshot
from onvif_api.soap import addressing, dispatch, envelope, faults, http
from onvif_api.soap.build import Element, Kept
from onvif_api.soap.call import Call, Runner
from onvif_api.soap.log_line import log_line
from onvif_api.soap.namespaces import ENV_11, ENV_12, prefixed
from onvif_api.soap.pool import Pool
from onvif_api.soap.security import Asked, Security, refuse

log = logging.getLogger(__name__)

CONTENT_TYPES = {
    ENV_12: "application/soap+xml; charset=utf-8",
    ENV_11: "text/xml; charset=utf-8",
}
DATABASE_CLOSED = (
    "The device cannot use its database just now (its disk may be full): /health/ says more."
)


@dataclass(slots=True)
class Noted:
    """What the log line says of a request, filled in as it becomes known."""

    operation: str = "-"
    username: str = "-"
    result: str = "ok"
    version: str = ENV_12
    wsa: addressing.Addressing = addressing.Addressing()  # noqa: RUF009 - frozen


class SoapApp:
    def __init__(
        self,
        *,
        runner: Runner | None = None,
        security: Security | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._runner = runner or Pool()
        self._security = security or Security(clock)
        self._clock = clock

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"no {scope['type']} here")
        request = http.over_https(http.read_request(scope))
        if request.path.startswith(snapshot.PREFIX):
            await snapshot.answer(request, send, self._security, self._runner, self._clock)
            return
        if request.method != "POST":
            text = b"This address takes SOAP requests by POST.\n"
            await http.answer(send, 405, text, [("Allow", "POST"), ("Content-Type", "text/plain")])
            return
        if not http.is_xml_type(request.header("content-type")) or (
            request.header("content-encoding") not in {"", "identity"}
        ):
            text = b"Send SOAP as application/soap+xml; charset=utf-8.\n"
            await http.answer(send, 415, text, [("Content-Type", "text/plain")])
            return
        try:
            body = await http.read_body(receive, envelope.BODY_LIMIT)
        except http.ClientGone:
            return
        except http.TooLarge:
            await http.answer(send, 413, headers=[("Connection", "close")])
            return
        await self._answer_soap(request, body, receive, send)

    async def _answer_soap(
        self, request: http.Request, body: bytes, receive: http.Receive, send: http.Send
    ) -> None:
        started_s = self._clock.monotonic_s()
        noted = Noted()
        headers: list[tuple[str, str]] = []
        status = 200
        try:
            element = await self._run(request, body, receive, noted)
            header = addressing.reply(noted.wsa)
        except http.ClientGone:
            noted.result = "client gone"
            self._log(request, noted, started_s)
            return
        except Exception as error:
            element, header, status, headers = self._fault(error, noted)
        written = envelope.write(element, header, noted.version)
        headers.append(("Content-Type", CONTENT_TYPES[noted.version]))
        await http.answer(send, status, written, headers)
        self._log(request, noted, started_s)

    async def _run(
        self, request: http.Request, body: bytes, receive: http.Receive, noted: Noted
    ) -> Element | Kept:
        if not body and not request.header("authorization"):
            # libcurl with Digest asks for the challenge before it sends its body.
            raise refuse("Send a SOAP request with credentials.")
        parsed = envelope.parse(body)
        noted.version = parsed.version
        noted.wsa = addressing.read(parsed.header)
        envelope.check_must_understand(parsed)
        noted.operation = prefixed(parsed.request.tag)
        operation = dispatch.find(parsed.request)
        account = None
        if not self._security.is_pre_auth(operation.access_name):
            if request.misses_https:
                raise only.refusal(request.host, request.path)
            asked = Asked(
                method=request.method,
                uri=request.uri,
                authorization=request.header("authorization"),
                address=request.client_address,
                secure=request.secure,
                foreign_page=request.foreign_page,
            )
            account = await self._security.authenticate(asked, parsed.header, self._runner)
            noted.username = account.username if account else "-"
            self._security.authorize(account, operation.access_name)
        call = Call(
            request=parsed.request,
            header=parsed.header,
            account=account,
            actor=Actor(account.username if account else "", request.client_address, "soap"),
            base_url=request.base_url,
            host=request.host,
            client_address=request.client_address,
            path=request.path,
            query=request.query,
            wsa=noted.wsa,
            clock=self._clock,
            runner=self._runner,
        )
        if operation.is_async:
            return await _until_gone(asyncio.ensure_future(operation.function(call)), receive)
        if operation.waits:
            return await call.in_thread(operation.function, call)
        result: Element | Kept = operation.function(call)
        return result

    def _fault(
        self, error: Exception, noted: Noted
    ) -> tuple[Element, list[Element], int, list[tuple[str, str]]]:
        """The fault of a refusal: body, header, and HTTP status and headers.

        Only here has the refusal a name: in a function that it went through it would hold on to
        its own traceback, and with that to the message, until the collector comes by.
        """
        refusal = self._as_refusal(error, noted)
        fault = faults.describe(refusal)
        noted.result, status = fault.label, fault.http_status
        headers: list[tuple[str, str]] = []
        if status == 401:
            found = self._security.challenges(refusal)
            headers = [("WWW-Authenticate", each) for each in found]
        elif noted.version == ENV_11:
            status = 500  # SOAP 1.1, 6.2: every fault
        header = addressing.reply(noted.wsa, fault.action or addressing.FAULT_ACTION)
        header += refusal.headers if isinstance(refusal, faults.Fault) else ()
        return faults.element(fault, noted.version), header, status, headers

    def _as_refusal(self, error: Exception, noted: Noted) -> DeviceError:
        if isinstance(error, DeviceError):
            return error
        if isinstance(error, OperationalError):
            log.error("%s failed: %s", noted.operation, error)
            return DeviceError(Kind.UNAVAILABLE, DATABASE_CLOSED)
        log.error("%s failed", noted.operation, exc_info=error)
        return DeviceError(Kind.INTERNAL, "The device could not do this. Its log says why.")

    def _log(self, request: http.Request, noted: Noted, started_s: float) -> None:
        took_s = self._clock.monotonic_s() - started_s
        agent = clients.agent_of(request.headers)
        afterwards.do(_note, request.client_address, agent, noted, self._clock.now(), took_s)


def _note(address: str, agent: str, noted: Noted, at: datetime, took_s: float) -> None:
    log_line(address, noted.username, noted.operation, noted.result, took_s)
    clients.note_call(
        noted.operation,
        address=address,
        agent=agent,
        username="" if noted.username == "-" else noted.username,
        result=noted.result,
        took_s=took_s,
        at=at,
    )


async def _until_gone(running: "asyncio.Future[Element]", receive: http.Receive) -> Element:
    """Wait for an answer only as long as somebody waits for it: polls last a minute and more."""
    gone = asyncio.ensure_future(_disconnected(receive))
    either: set[asyncio.Future[Any]] = {running, gone}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            return running.result()
        raise http.ClientGone
    finally:
        gone.cancel()
        running.cancel()
        del running, gone, either  # a refusal in them knows this place, see _fault


async def _disconnected(receive: http.Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


services.load()
application = SoapApp()
