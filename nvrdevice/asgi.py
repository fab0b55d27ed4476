"""The ASGI application: /onvif/ to the SOAP callable, pages to Django, sockets to Channels.

SOAP, the moving JPEG and recorded pictures are answered before Django's handler, which would
hold a thread for each waiting PullMessages and each viewer (DESIGN section 3). Nothing here knows
the server that runs it.
"""

import functools
import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.asgi import get_asgi_application

from nvrdevice.clients import proxies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nvrdevice.settings")

Application = Callable[[Any, Any, Any], Awaitable[None]]

pages: Application = get_asgi_application()  # first: it makes the models importable

PUBLIC_NAME = (
    b"Until the first password of this device is changed, open it by its address, "
    b"such as http://192.168.1.20:8000/.\n"
)
OVER_HTTPS = b"This device is asked over HTTPS only.\n"


@functools.cache
def soap() -> Application:
    from onvif_api.soap.app import application as found

    return found


@functools.cache
def moving_jpeg() -> Application:
    from webui.moving_jpeg import application as found

    return found


@functools.cache
def django() -> Application:
    """Pages, Django admin and REST, which may wait without a thread."""
    from onvif_api.rest.waiting import front

    return front(pages)


@functools.cache
def recorded() -> Application:
    from webui.recorded import application as found

    return found


@functools.cache
def sockets() -> Application:
    from webui.routing import application as made

    return made()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    # One place for SOAP, pages and sockets: from here on the client's address is the true one.
    scope = proxies.from_proxies(scope)
    if not _may_use_host(scope):
        await _refuse(scope, send, PUBLIC_NAME)
    elif scope["type"] == "http" and scope["path"].startswith("/onvif/"):
        await soap()(scope, receive, send)
    else:
        await _for_browsers(scope, receive, send)


async def _for_browsers(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if _cookies().is_secure(scope):
        scope, send = _cookies().inwards(scope), _cookies().outwards(send)
    if _misses_https(scope):
        await _refuse(scope, send, OVER_HTTPS)
    elif scope["type"] == "http":
        if scope["path"].startswith("/mjpeg/"):
            await moving_jpeg()(scope, receive, send)
        elif scope["path"].startswith("/recorded/"):
            await recorded()(scope, receive, send)
        else:
            await django()(scope, receive, send)
    elif scope["type"] == "websocket":
        await sockets()(scope, receive, send)
    else:
        raise ValueError(f"{scope['type']} is not spoken here")


@functools.cache
def _setup() -> Any:
    from nvrdevice.accounts import setup

    return setup


@functools.cache
def _https_only() -> Any:
    from nvrdevice.system.tls import only

    return only


def _may_use_host(scope: dict[str, Any]) -> bool:
    may_use_host = _setup().may_use_host
    for name, value in scope.get("headers", ()):
        if name == b"host" and not may_use_host(value.decode("latin-1")):
            return False
    return True


@functools.cache
def _cookies() -> Any:
    from webui import secure_cookies

    return secure_cookies


def _misses_https(scope: dict[str, Any]) -> bool:
    """Pictures and sockets without the HTTPS that is required; others say so themselves."""
    if scope["type"] == "http" and not scope["path"].startswith(("/mjpeg/", "/recorded/")):
        return False
    return bool(_https_only().is_missed(secure=_cookies().is_secure(scope)))


async def _refuse(scope: dict[str, Any], send: Any, words: bytes) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4403})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": words})
