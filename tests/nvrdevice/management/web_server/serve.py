"""A web server with short limits and a small application, run by the tests as a process.

Prints its port and that for TLS, then serves until SIGTERM. The application answers what its path
asks for.
"""

import asyncio
import gc
import logging
import sys
from functools import partial
from pathlib import Path
from typing import Any

from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.management.web_server import shutdown, sockets
from nvrdevice.management.web_server.limits import Limits
from nvrdevice.media import handover
from tests import made_certificate

LIMITS = Limits(
    connections=40,
    connections_per_address=8,
    header_s=1.0,
    idle_s=2.0,
    body_s=1.0,
    body_bytes_per_s=1_000_000,
    stalled_s=2.0,
    refuse_s=0.5,
    handover_s=1.0,
    websocket_message_bytes=10_000,
    websocket_waiting=4,
    body_bytes={b"/": 1_000, b"/onvif/": 100_000},
)
PART = b"x" * 65_536
PARTS = 640  # 42 MB: several times what the kernel holds for both ends

woken = asyncio.Event()
sent_parts = 0


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await (refuse if scope["path"] == "/refused" else websocket)(receive, send)
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await ANSWERS.get(scope["path"], echo)(scope, body, send, receive)


async def echo(scope: Any, body: bytes, send: Any, receive: Any) -> None:
    """What came: method, path and body, so that a test sees each request whole."""
    text = f"{scope['method']} {scope['path']} {scope['root_path']} {len(body)}".encode()
    await answer(send, text)


async def poll(scope: Any, body: bytes, send: Any, receive: Any) -> None:
    """A waiting pull, answered empty when the server ends."""
    await woken.wait()
    await answer(send, b"empty")


async def forever(scope: Any, body: bytes, send: Any, receive: Any) -> None:
    """A request that nothing wakes."""
    await asyncio.sleep(3600)


async def big(scope: Any, body: bytes, send: Any, receive: Any) -> None:
    global sent_parts
    sent_parts = 0
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(PARTS):
        await send({"type": "http.response.body", "body": PART, "more_body": True})
        sent_parts += 1
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def progress(scope: Any, body: bytes, send: Any, receive: Any) -> None:
    await answer(send, str(sent_parts).encode())


async def channels(scope: Any, body: bytes, send: Any, receive: Any) -> None:
    """How many HTTP channels there are."""
    from nvrdevice.management.web_server.channel import Channel

    gc.collect()
    found = sum(isinstance(each, Channel) for each in gc.get_objects())
    await answer(send, str(found).encode())


async def broken(scope: Any, body: bytes, send: Any, receive: Any) -> None:
    raise RuntimeError("on purpose")


async def answer(send: Any, text: bytes) -> None:
    length = str(len(text)).encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})


async def refuse(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.close"})  # before accept: HTTP 403


async def websocket(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["type"] == "websocket.disconnect":
            return
        elif message.get("text") == "stall":
            await asyncio.sleep(3600)
        else:
            await send({"type": "websocket.send", "text": message["text"]})


ANSWERS = {
    "/poll": poll,
    "/forever": forever,
    "/big": big,
    "/progress": progress,
    "/broken": broken,
    "/channels": channels,
}


def say(*ports: int) -> None:
    sys.stdout.write(" ".join(map(str, ports)) + "\n")
    sys.stdout.flush()


def listen_tls(server: Any, folder: Path, offer: Any) -> int:
    """The same front under TLS; its port."""
    from OpenSSL import SSL
    from twisted.internet import reactor, ssl

    from nvrdevice.management.web_server.front import FrontFactory
    from nvrdevice.management.web_server.tls_port import TlsFactory

    made_certificate.make(folder, "device")
    files = made_certificate.files_in(folder)
    context = ssl.DefaultOpenSSLContextFactory(
        str(files.key), str(files.certificate), sslmethod=SSL.TLS_SERVER_METHOD
    )
    front = FrontFactory(server.http_factory, LIMITS, server.seats, offer, reactor)
    listening = reactor.listenTCP(  # type: ignore[attr-defined]
        0, TlsFactory(context, isClient=False, wrappedFactory=front)
    )
    port: int = listening.getHost().port
    return port


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    opened = sockets.listen(sys.argv[1], 0)
    from nvrdevice.management.web_server.server import WebServer

    shutdown.on_shutdown.append(woken.set)
    port = opened[0].getsockname()[1]
    folder = Path(sys.argv[2])
    offer = partial(handover.offer, sockets=RunSockets(folder))
    server = WebServer(
        application,
        opened,
        limits=LIMITS,
        offer=offer,
        ready=lambda: say(port, listen_tls(server, folder, offer)),
    )
    server.run()


if __name__ == "__main__":
    main()
