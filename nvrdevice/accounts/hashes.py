"""Password hashes: bcrypt in Django's forms, and the raw `$2b$…` that other programs write.

Passwords are hashed with SHA-256 first (BCryptSHA256), because bcrypt itself sees only 72 bytes.
"""

import re

import bcrypt
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher, check_password, make_password

BCRYPT_BYTES = 72
# 2^15 rounds take some seconds on a Raspberry Pi; more would stop the sign-in of everybody.
COST_MAX = 15
_RAW = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
_PLAIN = "bcrypt$"
_SHA256 = "bcrypt_sha256$"
_NO_SALT = b"." * 22


def make(password: str) -> str:
    return make_password(password)


def verify(password: str, encoded: str) -> bool:
    """Whether password made encoded; for what is no hash the answer is no, at the same cost."""
    if read(encoded) is None:
        burn(password)
        return False
    if encoded.startswith(_PLAIN):
        # Other programs' bcrypt cut at 72 bytes; the library refuses what is longer.
        cut = password.encode()[:BCRYPT_BYTES]
        raw = encoded.removeprefix(_PLAIN).encode()
        return bcrypt.checkpw(cut, raw)
    return check_password(password, encoded, setter=None)


def burn(password: str) -> None:
    """Spend the time of one check, so that an unknown user costs what a wrong password costs."""
    rounds = BCryptSHA256PasswordHasher.rounds
    cut = password.encode()[:BCRYPT_BYTES]
    bcrypt.hashpw(cut, b"$2b$%02d$" % rounds + _NO_SALT)


def is_current(encoded: str) -> bool:
    """Whether encoded is what make() would write today."""
    return encoded.startswith(f"{_SHA256}$2b${BCryptSHA256PasswordHasher.rounds:02d}$")


def read(text: str) -> str | None:
    """A hash as the database keeps it, from any accepted form; None for anything else."""
    text = text.strip()
    prefix, raw = _PLAIN, text
    for known in (_SHA256, _PLAIN):
        if text.startswith(known):
            prefix, raw = known, text.removeprefix(known)
    match = _RAW.fullmatch(raw)
    if match is None or not 4 <= int(match.group(1)) <= COST_MAX:
        return None
    return prefix + raw
