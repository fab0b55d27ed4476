"""The Authorization header of HTTP Digest, read as clients write it (RFC 7616, RFC 2617, RFC 2069).

Quotes are optional everywhere: some clients quote nc and algorithm, others leave qop bare.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

LENGTH_MAX = 4096
# Nothing is tried twice ("++"): a header of blanks must not cost a second.
_PARAMETER = re.compile(
    r"""\s*+([A-Za-z0-9*_-]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|([^\s,"]*+))\s*+(?:,|$)"""
)


_ESCAPED = re.compile(r"\\(.)")
_NEEDED = frozenset(("nonce", "uri", "response"))


class Digest(NamedTuple):  # made for every request, of which a dataclass costs many times more
    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    algorithm: str
    qop: str
    nc: str
    cnonce: str


def read(header: str) -> Digest | None:
    """The parameters of a Digest header; None for anything else."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "digest" or len(header) > LENGTH_MAX:
        return None
    found: dict[str, str] = {}
    position = 0
    while position < len(rest):
        match = _PARAMETER.match(rest, position)
        if match is None:
            return None
        name, quoted, bare = match.groups()
        name = name.lower()
        if name in found:
            return None
        if quoted is None:
            found[name] = bare
        else:
            found[name] = _ESCAPED.sub(r"\1", quoted) if "\\" in quoted else quoted
        position = match.end()
    username = _extended(found["username*"]) if "username*" in found else found.get("username")
    if username is None or not found.keys() >= _NEEDED:
        return None
    return Digest(
        username=_as_utf8(username) if "username*" not in found else username,
        realm=found.get("realm", ""),
        nonce=found["nonce"],
        uri=found["uri"],
        response=found["response"].lower(),
        algorithm=found.get("algorithm", "MD5").upper(),
        qop=found.get("qop", "").lower(),
        nc=found.get("nc", ""),
        cnonce=found.get("cnonce", ""),
    )


def _as_utf8(text: str) -> str:
    if text.isascii():
        return text
    # Header bytes arrive as Latin-1; what is UTF-8 in truth was meant as such.
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _extended(text: str) -> str | None:
    # RFC 5987: UTF-8''J%C3%A4s%C3%B8n
    charset, _, rest = text.partition("'")
    if charset.lower() != "utf-8":
        return None
    return unquote(rest.partition("'")[2])
