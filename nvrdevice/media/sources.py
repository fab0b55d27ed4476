"""The sources of this device: which they are, what opens them, and changing them.

Tokens go by position, so an NVR keeps its profiles when the camera behind them is replaced.
Logins are sealed (`source_logins`); no answer, log or audit row of this holds one.
"""

from collections.abc import Callable
from dataclasses import replace

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Note
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import changes, facts, settings
from nvrdevice.media.settings import MAX_SOURCES, MediaSettings, Source
from nvrdevice.media.source_logins import (
    login_for,
    login_of,
    second_login_of,
    settled,
    uri_with_login,
)
from nvrdevice.media.source_uri import LOCAL, SourceUri, parse_uri, shown

TEST = "test:"

__all__ = [
    "SourceUri",
    "add_source",
    "change_source",
    "draft",
    "login_of",
    "only_test_picture",
    "parse_uri",
    "remove_source",
    "second_login_of",
    "set_sources",
    "settle",
    "shown",
    "take_source",
    "untouched",
    "uri_with_login",
]


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


def draft(uri: str, *, sub_uri: str = "", before: Source | None = None) -> Source:
    """What would be a source, to try it; before: whose logins stay for the same hosts."""
    found, small = parse_uri(uri), _parse_second(sub_uri)
    return _made("draft", found, small=small, before=before)


def take_source(
    uri: str, by: trail.Actor, *, name: str = "", sub_uri: str = "", tried: Source | None = None
) -> Source:
    """As the first camera of the device: instead of the test picture, or beside the others."""
    found = state.read(MediaSettings).sources
    if only_test_picture():
        name = name or parse_uri(uri).name
        return change_source(found[0].token, by, uri=uri, name=name, sub_uri=sub_uri, tried=tried)
    return add_source(uri, by, name=name, sub_uri=sub_uri, tried=tried)


def only_test_picture() -> bool:
    """Nobody has named a camera yet, or wants none."""
    found = state.read(MediaSettings).sources
    return len(found) == 1 and found[0].uri == TEST


def add_source(
    uri: str, by: trail.Actor, *, name: str = "", sub_uri: str = "", tried: Source | None = None
) -> Source:
    """One more source beside the others, which run on.

    sub_uri: a camera's own small stream; tried: a draft, whose logins hold for the same hosts.
    """
    found = parse_uri(uri)
    small = _parse_second(sub_uri)
    _check_name(name)
    made: list[Source] = []

    def change(now: MediaSettings) -> tuple[Source, ...]:
        if len(now.sources) >= MAX_SOURCES:
            raise DeviceError(
                Kind.LIMIT,
                f"This device takes {MAX_SOURCES} sources at most: remove one first.",
                field="source",
            )
        taken = {source.token for source in now.sources}
        number = len(now.sources) + 1
        while f"source{number}" in taken:
            number += 1
        _check_free(now, found)
        made.append(_made(f"source{number}", found, name, small, before=tried))
        return (*now.sources, made[-1])

    def tell() -> Note:
        return Note(object=made[-1].token, after=_told(made[-1]))

    _update(change, by, "media.add_source", tell)
    return made[-1]


def change_source(
    token: str,
    by: trail.Actor,
    *,
    uri: str | None = None,
    name: str | None = None,
    sub_uri: str | None = None,
    tried: Source | None = None,
) -> Source:
    """Other addresses or another name for a source; its tokens stay, the others run on.

    An address without a login keeps the old one as long as the host stays the same, or that of
    the draft that was tried; an empty sub_uri takes the second address away.
    """
    found = parse_uri(uri) if uri is not None else None
    small = _parse_second(sub_uri) if sub_uri is not None else None
    _check_name(name or "")
    states: list[tuple[Source, Source]] = []

    def change(now: MediaSettings) -> tuple[Source, ...]:
        before = after = _named(now, token)
        if found is not None:
            if found.uri != before.uri:
                _check_free(now, found)
            after = replace(after, uri=found.uri, sealed_login=login_for(found, tried or before))
        if sub_uri is not None:
            after = _with_second(after, small, tried or after)
        if name is not None:
            after = replace(after, name=name)
        states.append((before, after))
        return tuple(after if one is before else one for one in now.sources)

    def tell() -> Note:
        before, after = states[-1]
        return Note(object=token, before=_told(before), after=_told(after, before))

    _update(change, by, "media.change_source", tell)
    return states[-1][1]


def remove_source(token: str, by: trail.Actor) -> None:
    """With its fixed profiles; the last source stays, for a device without one shows nothing."""
    removed: list[Source] = []

    def change(now: MediaSettings) -> tuple[Source, ...]:
        removed.append(_named(now, token))
        if len(now.sources) == 1:
            raise DeviceError(
                Kind.CONFLICT,
                f"{token!r} is the only source: add another first, or change this one.",
                field="source",
            )
        return tuple(one for one in now.sources if one is not removed[-1])

    def tell() -> Note:
        return Note(object=token, before=_told(removed[-1]))

    _update(change, by, "media.remove_source", tell)


def settle(by: trail.Actor = trail.DEVICE) -> tuple[Source, ...]:
    """At start: write media.yaml whole, sealing any login that was written into it by hand."""
    return _change(lambda now: tuple(settled(one) for one in now.sources), "media.settle", by)


def untouched() -> bool:
    """Nobody has named a source yet, and none was ever seen: this is the first start."""
    found = state.read(MediaSettings).sources
    return found == MediaSettings().sources and not facts.read()


def _change(
    change: Callable[[MediaSettings], tuple[Source, ...]], action: str, by: trail.Actor
) -> tuple[Source, ...]:
    def apply(now: MediaSettings) -> MediaSettings:
        return settings.complete(settings.without_strays(now, change(now)))

    now = state.read(MediaSettings)
    if apply(now) == now:  # also where a broken file is served from its last good copy
        return now.sources

    def tell(before: MediaSettings, after: MediaSettings) -> Note | None:
        if after.sources == before.sources:
            return None
        return Note(
            object="media.yaml",
            before=[shown(source.uri) for source in before.sources],
            after=[shown(source.uri) for source in after.sources],
        )

    with changes.told():
        return state.update(MediaSettings, apply, trail.noting(by, action, tell)).sources


def _update(
    change: Callable[[MediaSettings], tuple[Source, ...]],
    by: trail.Actor,
    action: str,
    tell: Callable[[], Note],
) -> None:
    def apply(now: MediaSettings) -> MediaSettings:
        now = settings.complete(now)
        return settings.complete(settings.without_strays(now, change(now)))

    with changes.told():
        state.update(MediaSettings, apply, trail.noting(by, action, lambda *_: tell()))


def _named(now: MediaSettings, token: str) -> Source:
    found = settings.named(now.sources, token)
    if found is None:
        tokens = ", ".join(source.token for source in now.sources)
        raise DeviceError(
            Kind.MISSING,
            f"There is no source {token[:64]!r}: there are {tokens}.",
            field="source",
        )
    return found


def _check_name(name: str) -> None:
    if len(name) > settings.NAME_LIMIT or not name.isprintable():
        raise DeviceError(
            Kind.INVALID,
            f"The name of a source has up to {settings.NAME_LIMIT} printable characters.",
            field="name",
        )


def _check_free(now: MediaSettings, uri: SourceUri) -> None:
    """A camera of this machine can be opened once only."""
    used = next((one for one in now.sources if one.uri == uri.uri), None)
    if used is not None and uri.scheme in LOCAL:
        raise DeviceError(
            Kind.CONFLICT,
            f"{uri.uri} is in use already, as {used.name or used.token}.",
            field="uri",
        )


def _made(
    token: str,
    uri: SourceUri,
    name: str = "",
    small: SourceUri | None = None,
    *,
    before: Source | None = None,
) -> Source:
    before = before or Source(token=token, uri=uri.uri)
    made = replace(
        before,
        token=token,
        name=name or uri.name,
        uri=uri.uri,
        sealed_login=login_for(uri, before),
    )
    return _with_second(made, small, before)


def _with_second(one: Source, small: SourceUri | None, before: Source) -> Source:
    if small is None:
        return replace(one, sub_uri="", sealed_sub_login="")
    sealed = login_for(small, before) or login_for(small, one)
    return replace(one, sub_uri=small.uri, sealed_sub_login=sealed)


def _parse_second(text: str) -> SourceUri | None:
    if not text:
        return None
    found = parse_uri(text)
    if found.scheme != "rtsp":
        raise DeviceError(
            Kind.INVALID,
            "The second address is that of a camera's own small stream: rtsp://host/path.",
            field="sub_uri",
        )
    return found


def _told(one: Source, before: Source | None = None) -> dict[str, str]:
    """For the audit: of a login only that there is another one."""
    told = {"name": one.name, "uri": shown(one.uri)}
    if one.sub_uri or (before is not None and before.sub_uri):
        told["sub_uri"] = shown(one.sub_uri)
    if before is not None and _logins(one) != _logins(before):
        told["login"] = "changed" if any(_logins(one)) else "removed"
    return told


def _logins(one: Source) -> tuple[str, str]:
    return one.sealed_login, one.sealed_sub_login


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
        made.append(_made(token, uri))
    return tuple(made)


def _same(source: Source, uri: SourceUri) -> bool:
    if source.uri != uri.uri:
        return False
    try:
        return login_of(source) == uri.login
    except DeviceError:  # sealed by a key that is gone: seal it anew
        return False
