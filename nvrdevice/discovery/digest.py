"""HTTP Digest (RFC 7616) from the side of who asks: for devices that take no UsernameToken."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping

HASHES = {"md5": "md5", "sha-256": "sha256"}  # by the name in a challenge
BEST = ("sha-256", "md5")
VALUE_MAX = 512
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.){0,512})"|([^\s,"]{1,512}))')

Challenge = Mapping[str, str]


def choose(headers: Iterable[str]) -> Challenge | None:
    """The strongest Digest challenge of the WWW-Authenticate headers that can be answered."""
    found: dict[str, Challenge] = {}
    for header in headers:
        scheme, _, rest = header.strip()[:4096].partition(" ")
        if scheme.lower() != "digest":
            continue
        told = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(rest)}
        algorithm = told.get("algorithm", "MD5").lower()
        qops = [each.strip() for each in told.get("qop", "").split(",")]
        if algorithm in HASHES and "nonce" in told and ("auth" in qops or not told.get("qop")):
            found.setdefault(algorithm, told)
    return next((found[name] for name in BEST if name in found), None)


def answer(
    challenge: Challenge,
    *,
    username: str,
    password: str,
    method: str,
    path: str,
    cnonce: str | None = None,
) -> str:
    """The Authorization header that answers the challenge."""
    algorithm = challenge.get("algorithm", "MD5")
    realm, nonce = challenge.get("realm", ""), challenge["nonce"]

    def hashed(*parts: str) -> str:
        made = hashlib.new(HASHES[algorithm.lower()], usedforsecurity=False)
        made.update(":".join(parts).encode())
        return made.hexdigest()

    first, second = hashed(username, realm, password), hashed(method, path)
    told = {"username": username, "realm": realm, "nonce": nonce, "uri": path}
    if challenge.get("qop"):
        cnonce = cnonce or secrets.token_hex(8)
        told["response"] = hashed(first, nonce, "00000001", cnonce, "auth", second)
        told["cnonce"] = cnonce
        bare = f", algorithm={algorithm}, qop=auth, nc=00000001"
    else:  # as old cameras still ask
        told["response"] = hashed(first, nonce, second)
        bare = f", algorithm={algorithm}"
    if "opaque" in challenge:
        told["opaque"] = challenge["opaque"]
    quoted = ", ".join(f'{name}="{_escaped(value)}"' for name, value in told.items())
    return f"Digest {quoted}{bare}"


def _escaped(value: str) -> str:
    clean = re.sub(r"[\r\n]", "", value)
    return re.sub(r'(["\\])', r"\\\1", clean)
