"""GET /onvif/snapshot/<profile token>: the current picture as JPEG, behind HTTP Digest.

Media 5.13 (GetSnapshotUri): a plain HTTP address; the picture comes from the media process.
"""

import logging

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import requests
from onvif_api.soap import http
from onvif_api.soap.call import Runner
from onvif_api.soap.security import Asked, Security

log = logging.getLogger(__name__)

PREFIX = "/onvif/snapshot/"
# The snapshot is not an operation of its own: it may what the operation that names it may.
ACCESS_AS = "trt:GetSnapshotUri"
STATUS_OF = {
    Kind.INVALID: 404,
    Kind.MISSING: 404,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.UNAVAILABLE: 503,
}


async def answer(
    request: http.Request, send: http.Send, security: Security, runner: Runner
) -> None:
    headers = [("Cache-Control", "no-store")]
    if request.method not in {"GET", "HEAD"}:
        await http.answer(send, 405, headers=[*headers, ("Allow", "GET, HEAD")])
        return
    try:
        picture = await _picture(request, security, runner)
    except DeviceError as error:
        status = STATUS_OF.get(error.kind, 500)
        if status == 401:
            headers += [("WWW-Authenticate", each) for each in security.challenges(error)]
        if status == 503:
            headers.append(("Retry-After", "2"))
        headers.append(("Content-Type", "text/plain; charset=utf-8"))
        await http.answer(send, status, error.text.encode() + b"\n", headers)
        return
    headers.append(("Content-Type", "image/jpeg"))
    await http.answer(send, 200, picture, headers)


async def _picture(request: http.Request, security: Security, runner: Runner) -> bytes:
    asked = Asked(
        method=request.method,
        uri=request.uri,
        authorization=request.header("authorization"),
        address=request.client_address,
        secure=request.secure,
    )
    account = await security.authenticate(asked, None, runner)
    security.authorize(account, ACCESS_AS)
    token = request.path.removeprefix(PREFIX).removesuffix(".jpg")
    reply = await requests.ask_async("snapshot", profile=token)
    return reply.body
