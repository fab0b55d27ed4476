"""The HTTP side of a call: the body within bounds, the host the client used, the answer."""

import functools
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from nvrdevice.clients.origin import is_own
from nvrdevice.system.tls import only

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# A name, an IPv4 address or a bracketed IPv6 address, and a port: nothing else is echoed.
_HOST = re.compile(
    r"(?P<host>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.%]{2,60}\])(?::(?P<port>\d{1,5}))?"
)
_XML_TYPES = {
    "application/soap+xml",
    "text/xml",
    "application/xml",
    # What simple clients send: none at all, curl's default, a library's default.
    "",
    "text/plain",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
}


QUERY_FIELDS = 20
HIGHEST_PORT = 65_535


class ClientGone(Exception):
    """The connection ended before the request did."""


class TooLarge(Exception):
    """The body is past its limit."""


class Request(NamedTuple):  # of which one is made for every request: a dataclass costs thrice
    """An ASGI scope, read once."""

    method: str
    path: str
    uri: str  # as it stood in the request line: HTTP Digest covers it
    headers: dict[str, str]
    query: dict[str, str]
    client_address: str
    base_url: str
    host: str
    secure: bool
    misses_https: bool = False

    def __repr__(self) -> str:  # headers and query may hold what nobody is to read in a log
        return f"Request({self.method} {self.path})"

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    @property
    def foreign_page(self) -> bool:
        """Whether a page of another site sends this, as a browser tells."""
        origin = self.headers.get("origin")
        return origin is not None and not is_own(origin, self.header("host"), secure=self.secure)


def read_request(scope: Scope) -> Request:
    headers: dict[str, str] = {}
    for key, value in scope.get("headers", ()):
        headers.setdefault(_header_name(key), value.decode("latin-1"))
    query = scope.get("query_string", b"").decode("latin-1")
    raw_path = scope.get("raw_path") or scope["path"].encode()
    path = raw_path.decode("latin-1").partition("?")[0]
    scheme = scope.get("scheme", "http")
    address, host = base_url(scheme, headers.get("host", ""), scope.get("server"))
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path=scope["path"],
        uri=f"{path}?{query}" if query else path,
        headers=headers,
        query=_query(query),
        client_address=plain_address(client[0]) if client else "",
        base_url=address,
        host=host,
        secure=scheme == "https",
    )


def over_https(request: Request) -> Request:
    """Where HTTPS is required, what is told to a client over HTTP leads to HTTPS."""
    if not only.is_missed(secure=request.secure):
        return request
    return request._replace(base_url=only.base(request.host), misses_https=True)


def plain_address(address: str) -> str:
    """An IPv4 client of a socket that serves both appears as ::ffff:a.b.c.d."""
    return address.removeprefix("::ffff:") if "." in address else address


def is_xml_type(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind in _XML_TYPES or kind.endswith("+xml")


async def read_body(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLarge
        if not message.get("more_body", False):
            return b"".join((*parts, part)) if parts else part
        parts.append(part)


async def answer(
    send: Send, status: int, body: bytes = b"", headers: list[tuple[str, str]] | None = None
) -> None:
    lines = [_header_line(each) for each in headers or ()]
    lines.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body, "more_body": False})


@functools.lru_cache(maxsize=64)
def _header_line(header: tuple[str, str]) -> tuple[bytes, bytes]:
    return header[0].lower().encode(), header[1].encode("latin-1")


def _query(query: str) -> dict[str, str]:
    if not query:
        return {}
    try:
        return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=QUERY_FIELDS))
    except ValueError:  # more fields than any address of ours has
        return {}


@functools.lru_cache(maxsize=256)
def _header_name(written: bytes) -> str:
    return written.decode("latin-1").lower()


def base_url(scheme: str, host_header: str, server: Any) -> tuple[str, str]:
    """The address "http://host:port" as the client wrote it, and its host; else our own."""
    return _base_url(scheme, host_header, tuple(server) if server else None)


@functools.lru_cache(maxsize=256)
def _base_url(scheme: str, host_header: str, server: tuple[Any, ...] | None) -> tuple[str, str]:
    match = _HOST.fullmatch(host_header.strip())
    if match and 0 < int(match["port"] or 80) <= HIGHEST_PORT:
        return f"{scheme}://{match[0]}", match["host"]
    address, port = (str(server[0]), int(server[1])) if server else ("127.0.0.1", 80)
    address = plain_address(address)
    host = f"[{address}]" if ":" in address else address
    usual = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{host}" + ("" if port == usual else f":{port}"), host
