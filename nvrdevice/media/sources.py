"""The sources of this device: which they are, what opens them, and changing them.

Tokens go by position, so an NVR keeps its profiles when the camera behind them is replaced.
Logins are sealed; nothing here returns one but `login_of`, for the engine alone.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import changes, settings
from nvrdevice.media.settings import MAX_SOURCES, MediaSettings, Source
from nvrdevice.media.source_uri import SourceUri, parse_uri, shown

log = logging.getLogger(__name__)

__all__ = ["SourceUri", "login_of", "parse_uri", "set_sources", "settle", "shown", "uri_with_login"]


def set_sources(uris: list[str], by: trail.Actor) -> tuple[Source, ...]:
    """Make these the sources, in this order; written and audited only where they differ."""
    if not uris:
        raise DeviceError(Kind.INVALID, "No source was given: name at least one.", field="source")
    if len(uris) > MAX_SOURCES:
        raise DeviceError(
            Kind.LIMIT,
            f"{len(uris)} sources were given: this device takes {MAX_SOURCES} at most.",
            field="source",
        )
    wanted = [parse_uri(uri) for uri in uris]
    return _change(lambda now: _sources(wanted, now.sources), "media.set_sources", by)


def settle(by: trail.Actor = trail.DEVICE) -> tuple[Source, ...]:
    """At start: write media.yaml whole, sealing any login that was written into it by hand."""
    return _change(lambda now: tuple(_settled(one) for one in now.sources), "media.settle", by)


def login_of(source: Source) -> tuple[str, str] | None:
    """User and password of a camera; DeviceError(UNAVAILABLE) where the key is another."""
    if not source.sealed_login:
        # Written by hand since the last start: it works at once and is sealed at the next.
        return parse_uri(source.uri).login if _bears_login(source) else None
    user, _, password = home.secret_box().open(source.sealed_login.encode()).partition(":")
    return user, password


def uri_with_login(source: Source) -> str:
    """For the engine's own use, never for an answer or a log."""
    login = login_of(source)
    if login is None:
        return source.uri
    address = parse_uri(source.uri).uri if _bears_login(source) else source.uri
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{quote(login[0], safe='')}:{quote(login[1], safe='')}@{rest}"


def _change(
    change: Callable[[MediaSettings], tuple[Source, ...]], action: str, by: trail.Actor
) -> tuple[Source, ...]:
    before: tuple[Source, ...] = ()

    def apply(now: MediaSettings) -> MediaSettings:
        nonlocal before
        before = now.sources
        return settings.complete(settings.without_strays(now, change(now)))

    now = state.read(MediaSettings)
    if apply(now) == now:  # also where a broken file is served from its last good copy
        return now.sources
    with changes.told():
        after = state.update(MediaSettings, apply).sources
    if after != before:
        trail.record(
            by,
            action,
            "media.yaml",
            before=[shown(source.uri) for source in before],
            after=[shown(source.uri) for source in after],
        )
    return after


def _sources(wanted: list[SourceUri], now: tuple[Source, ...]) -> tuple[Source, ...]:
    made: list[Source] = []
    taken = {source.token for source in now}
    for position, uri in enumerate(wanted):
        before = now[position] if position < len(now) else None
        if before is not None and _same(before, uri):
            made.append(before)
            continue
        number = position + 1
        while before is None and f"source{number}" in taken:
            number += 1
        token = before.token if before is not None else f"source{number}"
        taken.add(token)
        made.append(Source(token=token, name=uri.name, uri=uri.uri, sealed_login=_sealed(uri)))
    return tuple(made)


def _same(source: Source, uri: SourceUri) -> bool:
    if source.uri != uri.uri:
        return False
    try:
        return login_of(source) == uri.login
    except DeviceError:  # sealed by a key that is gone: seal it anew
        return False


def _settled(source: Source) -> Source:
    if not _bears_login(source):
        return source
    try:
        found = parse_uri(source.uri)
    except DeviceError as error:  # what a person wrote never stops the start
        log.warning("media.yaml: %s: %s", source.token, error.text)
        return source
    return replace(source, uri=found.uri, sealed_login=_sealed(found))


def _bears_login(source: Source) -> bool:
    return source.uri.lower().startswith("rtsp://") and "@" in source.uri


def _sealed(uri: SourceUri) -> str:
    if uri.login is None:
        return ""
    return home.secret_box().seal(":".join(uri.login)).decode()
