"""GET /onvif/snapshot/<profile token>: the current picture as JPEG, behind HTTP Digest.

Media 5.13 (GetSnapshotUri): a plain HTTP address; the picture comes from the media process.
"""

from nvrdevice import clients
from nvrdevice.lib.clock import Clock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import requests
from nvrdevice.system.tls import only
from onvif_api.soap import http
from onvif_api.soap.call import Runner
from onvif_api.soap.log_line import log_line
from onvif_api.soap.security import Asked, Security

PREFIX = "/onvif/snapshot/"
# The address is no operation of its own: whoever may ask for it may use it.
ACCESS_AS = "trt:GetSnapshotUri"
LONGEST_TOKEN = 64  # tt:ReferenceToken
STATUS_OF = {
    Kind.INVALID: 404,
    Kind.MISSING: 404,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.UNAVAILABLE: 503,
}


async def answer(
    request: http.Request, send: http.Send, security: Security, runner: Runner, clock: Clock
) -> None:
    headers = [("Cache-Control", "no-store")]
    if request.method not in {"GET", "HEAD"}:
        await http.answer(send, 405, headers=[*headers, ("Allow", "GET, HEAD")])
        return
    started_s = clock.monotonic_s()
    username = ""
    try:
        if request.misses_https:
            raise only.refusal(request.host, request.path)
        username = await _who(request, security, runner)
        body, status = await _picture(request), 200
        headers.append(("Content-Type", "image/jpeg"))
    except DeviceError as error:
        body, status = error.text.encode() + b"\n", STATUS_OF.get(error.kind, 500)
        headers.append(("Content-Type", "text/plain; charset=utf-8"))
        if status == 401:
            headers += [("WWW-Authenticate", each) for each in security.challenges(error)]
        if status == 503:
            headers.append(("Retry-After", "2"))
    await http.answer(send, status, body, headers)
    took_s = clock.monotonic_s() - started_s
    log_line(request.client_address, username, "snapshot", str(status), took_s)
    clients.note_call(
        "snapshot",
        address=request.client_address,
        agent=clients.agent_of(request.headers),
        username=username,
        result="ok" if status == 200 else str(status),
        took_s=took_s,
        at=clock.now(),
    )


async def _who(request: http.Request, security: Security, runner: Runner) -> str:
    asked = Asked(
        method=request.method,
        uri=request.uri,
        authorization=request.header("authorization"),
        address=request.client_address,
        secure=request.secure,
    )
    account = await security.authenticate(asked, None, runner)
    security.authorize(account, ACCESS_AS)
    return account.username if account else ""


async def _picture(request: http.Request) -> bytes:
    token = request.path.removeprefix(PREFIX)
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise DeviceError(Kind.MISSING, "There is no profile of this name.")
    return (await requests.ask_async("snapshot", profile=token)).body
