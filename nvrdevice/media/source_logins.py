"""The logins of cameras: sealed in the settings, opened for the engine alone.

Nothing here returns one but `login_of`, `second_login_of` and `uri_with_login`.
"""

import logging
from dataclasses import replace
from urllib.parse import quote

from nvrdevice.lib import home
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media.settings import Source
from nvrdevice.media.source_uri import SourceUri, parse_uri, place_of

log = logging.getLogger(__name__)


def login_of(source: Source) -> tuple[str, str] | None:
    """User and password of a camera; DeviceError(UNAVAILABLE) where the key is another."""
    return _login(source.uri, source.sealed_login)


def second_login_of(source: Source) -> tuple[str, str] | None:
    """Those of its second address."""
    return _login(source.sub_uri, source.sealed_sub_login)


def uri_with_login(source: Source) -> str:
    """For the engine's own use, never for an answer or a log."""
    login = login_of(source)
    if login is None:
        return source.uri
    address = parse_uri(source.uri).uri if _bears_login(source.uri) else source.uri
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{quote(login[0], safe='')}:{quote(login[1], safe='')}@{rest}"


def login_for(uri: SourceUri, before: Source) -> str:
    """The login for a new address: never one host's password for another host."""
    if uri.login is not None:
        return _seal(uri)
    known = settled(before)
    if place_of(uri.uri) == place_of(known.uri):
        return known.sealed_login
    return known.sealed_sub_login if place_of(uri.uri) == place_of(known.sub_uri) else ""


def settled(source: Source) -> Source:
    """The source with any login sealed that was written into its addresses by hand."""
    try:
        if _bears_login(source.uri):
            found = parse_uri(source.uri)
            source = replace(source, uri=found.uri, sealed_login=_seal(found))
        if _bears_login(source.sub_uri):
            found = parse_uri(source.sub_uri)
            source = replace(source, sub_uri=found.uri, sealed_sub_login=_seal(found))
    except DeviceError as error:  # what a person wrote never stops the start
        log.warning("media.yaml: %s: %s", source.token, error.text)
    return source


def _login(uri: str, sealed: str) -> tuple[str, str] | None:
    if not sealed:
        # Written by hand since the last start: it works at once and is sealed at the next.
        return parse_uri(uri).login if _bears_login(uri) else None
    user, _, password = home.secret_box().open(sealed.encode()).partition(":")
    return user, password


def _bears_login(uri: str) -> bool:
    return uri.lower().startswith("rtsp://") and "@" in uri


def _seal(uri: SourceUri) -> str:
    if uri.login is None:
        return ""
    return home.secret_box().seal(":".join(uri.login)).decode()
