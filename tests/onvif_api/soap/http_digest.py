"""HTTP Digest as clients compute it (RFC 7616)."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

HASHES: dict[str, Callable[[bytes], Any]] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def authorization(
    challenge: str, username: str, password: str, *, method: str, uri: str, count: int = 1
) -> str:
    """The Authorization header that answers a WWW-Authenticate value."""
    found = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
    algorithm = found["algorithm"]

    def digest(text: str) -> str:
        return str(HASHES[algorithm](text.encode()).hexdigest())

    secret = digest(f"{username}:{found['realm']}:{password}")
    counted = f"{count:08x}"
    request = digest(f"{method}:{uri}")
    response = digest(f"{secret}:{found['nonce']}:{counted}:c:auth:{request}")
    return (
        f'Digest username="{username}", realm="{found["realm"]}", nonce="{found["nonce"]}", '
        f'uri="{uri}", algorithm={algorithm}, qop=auth, nc={counted}, cnonce="c", '
        f'response="{response}"'
    )
