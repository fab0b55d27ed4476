"""The UsernameToken header of REST, in Authorization or X-WSSE, as people and programs write it.

    UsernameToken username="admin" password="…"
    UsernameToken Username="admin", PasswordDigest="…", Nonce="…", Created="…"

Commas are optional, names are of any case, quotes may be left out where there is no space.
"""

import re
from dataclasses import dataclass

SCHEME = "usernametoken"
LENGTH_MAX = 4096
NAMES = frozenset({"username", "password", "passworddigest", "nonce", "created"})
# Nothing is tried twice ("++"): a header of blanks must not cost a second.
_PARAMETER = re.compile(
    r"""[\s,]*+([A-Za-z]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|([^\s,"]++))(?=[\s,]|$)"""
)


@dataclass(frozen=True)
class Token:
    """password or digest is None, whichever was not sent."""

    username: str
    password: str | None
    digest: str | None
    nonce: str
    created: str

    def __repr__(self) -> str:
        return f"Token({self.username!r})"


def is_token(header: str) -> bool:
    return header.strip().partition(" ")[0].lower() == SCHEME


def read(header: str) -> Token | None:
    """The token of a header for which is_token; None where it cannot be read."""
    if len(header) > LENGTH_MAX:
        return None
    rest = header.strip().partition(" ")[2].rstrip(" ,")
    found: dict[str, str] = {}
    position = 0
    while position < len(rest):
        match = _PARAMETER.match(rest, position)
        if match is None:
            return None
        name = match.group(1).lower()
        if name not in NAMES or name in found:
            return None
        quoted, bare = match.group(2), match.group(3)
        found[name] = _as_utf8(bare if quoted is None else _unescaped(quoted))
        position = match.end()
    if "username" not in found or ("password" in found) == ("passworddigest" in found):
        return None
    return Token(
        username=found["username"],
        password=found.get("password"),
        digest=found.get("passworddigest"),
        nonce=found.get("nonce", ""),
        created=found.get("created", ""),
    )


def _unescaped(text: str) -> str:
    # Only what must be escaped is: a password with another backslash is taken as it stands.
    return re.sub(r'\\(["\\])', r"\1", text)


def _as_utf8(text: str) -> str:
    # Header bytes arrive as Latin-1; what is UTF-8 in truth was meant as such.
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
