"""python -m bench.empty_server PORT: an empty ASGI callable behind the device's own server classes.

It is the most that this server can do on this machine, and the yardstick of the soap figures.
"""

import sys
from typing import Any

from nvrdevice.management.web_server import sockets
from nvrdevice.management.web_server.server import WebServer


async def empty(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


if __name__ == "__main__":
    WebServer(empty, sockets.listen("127.0.0.1", int(sys.argv[1]))).run()
