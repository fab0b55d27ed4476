"""Does a Probe mean this device: types all known, every scope matched by one of ours.

The rules are those of WS-Discovery section 5.1; Core reads RFC 3986 where that says 2396.
"""

from collections.abc import Collection, Iterable
from urllib.parse import unquote, urlsplit

from nvrdevice.discovery.messages import TYPES, D, Probe

RFC3986 = D + "/rfc3986"
RFC2396 = D + "/rfc2396"  # the name WS-Discovery itself gave the rule
UUID = D + "/uuid"
STRCMP0 = D + "/strcmp0"
RULES = (RFC3986, RFC2396, UUID, STRCMP0)


class UnknownRule(ValueError):
    """The Probe names a matching rule this device does not have."""


def matches(probe: Probe, ours: Collection[str]) -> bool:
    if probe.match_by not in ("", *RULES):
        raise UnknownRule(probe.match_by)
    if not all(name in TYPES for name in probe.types):
        return False
    return all(_matched(wanted, ours, probe.match_by) for wanted in probe.scopes)


def _matched(wanted: str, ours: Iterable[str], rule: str) -> bool:
    if rule == STRCMP0:
        return wanted in ours
    if rule == UUID:
        return any(wanted.lower() == scope.lower() for scope in ours)
    return any(_is_prefix(wanted, scope) for scope in ours)


def _is_prefix(wanted: str, scope: str) -> bool:
    """hardware/D1 is a prefix of hardware/D1/x, not of hardware/D1-566."""
    try:
        left, right = urlsplit(wanted), urlsplit(scope)
    except ValueError:
        return False
    if not left.scheme or left.scheme.lower() != right.scheme.lower():
        return False
    if left.netloc.lower() != right.netloc.lower():
        return False
    short, long = _segments(left.path), _segments(right.path)
    if {".", ".."}.intersection(short, long):
        return False
    return short == long[: len(short)]


def _segments(path: str) -> list[str]:
    """Decoded, so that %4Eame and Name are one; a slash at the end adds no segment."""
    return [unquote(segment) for segment in path.strip("/").split("/")] if path.strip("/") else []
