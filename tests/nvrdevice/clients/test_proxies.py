"""Whose address counts: the socket's, unless a proxy that is listed says otherwise."""

from dataclasses import replace
from typing import Any

import pytest

from nvrdevice import state
from nvrdevice.clients import proxies
from nvrdevice.clients.proxies import ProxySettings
from nvrdevice.lib.errors import DeviceError

PROXY, CLIENT, FORGED = "192.168.1.2", "203.0.113.7", "10.9.9.9"


def trust(*proxies: str) -> None:
    state.update(ProxySettings, lambda now: replace(now, trusted_proxies=proxies))


def client(peer: str, *told: str) -> str:
    headers = [(b"host", b"device"), *((b"x-forwarded-for", each.encode()) for each in told)]
    return proxies.client_of(peer, headers)


def test_by_default_nobody_is_believed() -> None:
    assert client("127.0.0.1", CLIENT) == "127.0.0.1"


def test_a_listed_proxy_is_believed() -> None:
    trust(PROXY)
    assert client(PROXY, CLIENT) == CLIENT


def test_others_are_not() -> None:
    trust(PROXY)
    assert client("192.168.1.66", FORGED) == "192.168.1.66"


def test_what_the_client_wrote_itself_does_not_count() -> None:
    trust(PROXY)
    assert client(PROXY, f"{FORGED}, {CLIENT}") == CLIENT
    assert client(PROXY, FORGED, CLIENT) == CLIENT  # two header lines are one list


def test_a_client_cannot_pretend_to_be_a_proxy_behind_the_proxy() -> None:
    trust(PROXY)
    assert client(PROXY, f"{FORGED}, {PROXY}, {CLIENT}") == CLIENT


def test_a_chain_of_listed_proxies_is_followed() -> None:
    trust(PROXY, "10.0.0.0/24")
    assert client(PROXY, f"{FORGED}, {CLIENT}, 10.0.0.9") == CLIENT


@pytest.mark.parametrize("told", ["unknown", "", "not an address", "_hidden", "a" * 5000])
def test_without_an_address_the_proxy_counts(told: str) -> None:
    trust(PROXY)
    assert client(PROXY, told) == PROXY


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("203.0.113.7:4711", CLIENT),
        ("::ffff:203.0.113.7", CLIENT),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
    ],
)
def test_addresses_as_proxies_write_them(told: str, meant: str) -> None:
    trust(PROXY)
    assert client(PROXY, told) == meant


def test_a_proxy_that_comes_over_ipv6_clothes_is_the_same() -> None:
    trust(PROXY)
    assert client(f"::ffff:{PROXY}", CLIENT) == CLIENT


def test_ipv4_in_ipv6_clothes_is_ipv4() -> None:
    assert client("::ffff:192.168.1.5") == "192.168.1.5"


def test_thousands_of_entries_are_cut_at_the_front() -> None:
    trust("0.0.0.0/0")
    assert client(PROXY, ", ".join([FORGED] * 5000 + [CLIENT] * proxies.HOPS_MAX)) == CLIENT


def test_a_scope_is_left_alone_where_nothing_changes() -> None:
    scope: dict[str, Any] = {"type": "http", "client": ["192.168.1.5", 4711], "headers": []}
    assert proxies.from_proxies(scope) is scope


def test_a_scope_gets_the_true_client() -> None:
    trust(PROXY)
    headers = [(b"x-forwarded-for", CLIENT.encode())]
    scope: dict[str, Any] = {"type": "http", "client": [PROXY, 4711], "headers": headers}
    assert proxies.from_proxies(scope)["client"] == [CLIENT, 4711]


def test_what_is_no_address_is_not_saved() -> None:
    with pytest.raises(DeviceError) as caught:
        trust("the proxy")
    assert "'the proxy' is no address or network" in caught.value.text


def scheme(peer: str, *told: str, kind: str = "http") -> str:
    headers = [(b"x-forwarded-proto", each.encode()) for each in told]
    plain = "http" if kind == "http" else "ws"
    scope = {"type": kind, "scheme": plain, "client": [peer, 1], "headers": headers}
    return str(proxies.from_proxies(scope)["scheme"])


def test_a_listed_proxy_says_that_its_client_came_over_https() -> None:
    trust(PROXY)
    assert scheme(PROXY, "https") == "https"
    assert scheme(PROXY, "https", kind="websocket") == "wss"
    assert scheme(PROXY, "http, https") == "https"
    assert scheme(PROXY, "https, http") == "http"
    assert scheme(PROXY, "gopher") == "http"


def test_a_stranger_cannot_pretend_to_have_come_over_https() -> None:
    trust(PROXY)
    assert scheme("192.168.1.66", "https") == "http"
