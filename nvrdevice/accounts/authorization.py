"""The Authorization header of HTTP Digest, read as clients write it (RFC 7616, RFC 2617, RFC 2069).

Quotes are optional everywhere: some clients quote nc and algorithm, others leave qop bare.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

LENGTH_MAX = 4096
# Nothing is tried twice ("++"): a header of blanks must not cost a second.
_PARAMETER = re.compile(
    r"""\s*+([A-Za-z0-9*_-]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|([^\s,"]*+))\s*+(?:,|$)"""
)


@dataclass(frozen=True)
class Digest:
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
        if match is None or match.group(1).lower() in found:
            return None
        quoted, bare = match.group(2), match.group(3)
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare
        found[match.group(1).lower()] = value
        position = match.end()
    username = _extended(found["username*"]) if "username*" in found else found.get("username")
    if username is None or not {"nonce", "uri", "response"} <= found.keys():
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
