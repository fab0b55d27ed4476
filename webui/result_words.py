"""What became of a request, in words: of SOAP's fault codes, REST's codes and HTTP's numbers."""

import re

WELL = "ok"
WORDS = {
    WELL: "OK",
    "client gone": "The client left before the answer",
    # SOAP
    "NotAuthorized": "Not allowed to this user",
    "ActionNotSupported": "Not offered by this device",
    "InvalidArgVal": "A value was refused",
    "InvalidArgs": "The request lacks something",
    "TagMismatch": "The request cannot be understood",
    "WellFormed": "The request is no XML",
    "Namespace": "The request is of another standard",
    "MissingAttr": "The request lacks something",
    "OperationProhibited": "Not possible on this device",
    "UnknownAction": "The request is unknown to this device",
    "Tag": "The request lacks something",
    "ProhibAttr": "The request has a part too many",
    "CapabilityViolated": "More than this device can do",
    "Action": "Could not be done",
    "OutofMemory": "There was no room for it",
    "CriticalError": "The device failed",
    "MustUnderstand": "It asked for what this device does not know",
    "VersionMismatch": "It speaks another version of SOAP",
    # REST
    "unauthenticated": "Not signed in",
    "forbidden": "Not allowed to this user",
    "invalid": "A value was refused",
    "missing": "There is no such thing",
    "not_found": "There is nothing at this address",
    "conflict": "It stands against something else",
    "limit": "There was no room for one more",
    "unsupported": "Not offered by this device",
    "unavailable": "A part of the device was away",
    "internal": "The device failed",
    "throttled": "Too many requests",
    "slowed_down": "Too soon after wrong passwords",
    "csrf": "The page's token was missing",
    "password_change_required": "The first password must be changed",
    "https_required": "Only HTTPS is accepted",
    # snapshots
    "401": "Not signed in",
    "403": "Not allowed to this user",
    "404": "There is no such picture",
    "405": "Not possible this way",
    "500": "The device failed",
    "503": "There was no picture",
}
_PARTS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z0-9]+")


def words(result: str, *, signed_in: bool) -> str:
    """Of a noted call. What no table knows is told by its own name: NoProfile is "No profile"."""
    inner = result.rpartition("/")[2].removeprefix("ter:")
    if inner == "NotAuthorized" and not signed_in:
        return WORDS["unauthenticated"]
    known = WORDS.get(inner)
    if known is not None:
        return known
    parts = _PARTS.findall(inner)
    # A name that does not consist of words is told as it is.
    if "".join(parts) != inner.replace("_", ""):
        return result
    return " ".join(part if part.isupper() else part.lower() for part in parts).capitalize()
