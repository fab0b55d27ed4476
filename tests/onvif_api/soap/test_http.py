"""What of an HTTP request reaches an operation."""

from typing import Any

import pytest

from onvif_api.soap.http import read_request
from onvif_api.soap.log_line import log_line


def scope(**changed: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/onvif/a b",
        "raw_path": b"/onvif/a%20b",
        "query_string": b"x=1&y=",
        "headers": [(b"host", b"cam.local:8000")],
        "client": ["::ffff:192.0.2.9", 1],
        "server": ["192.0.2.7", 8000],
    } | changed


@pytest.mark.parametrize(
    ("host", "base_url", "host_part"),
    [
        (b"cam.local:8000", "http://cam.local:8000", "cam.local"),
        (b"192.0.2.7", "http://192.0.2.7", "192.0.2.7"),
        (b"[2001:db8::1]:80", "http://[2001:db8::1]:80", "[2001:db8::1]"),
        (b"", "http://192.0.2.7:8000", "192.0.2.7"),
        (b"evil/<x>", "http://192.0.2.7:8000", "192.0.2.7"),
        (b"a@b:80", "http://192.0.2.7:8000", "192.0.2.7"),
        (b"192.0.2.9:65536", "http://192.0.2.7:8000", "192.0.2.7"),
        (b"192.0.2.9:0", "http://192.0.2.7:8000", "192.0.2.7"),
    ],
)
def test_the_host_is_the_one_the_client_used(host: bytes, base_url: str, host_part: str) -> None:
    found = read_request(scope(headers=[(b"host", host)]))
    assert (found.base_url, found.host) == (base_url, host_part)


def test_without_a_host_an_ipv6_socket_is_bracketed() -> None:
    found = read_request(scope(headers=[], server=["2001:db8::1", 80]))
    assert (found.base_url, found.host) == ("http://[2001:db8::1]", "[2001:db8::1]")


def test_the_uri_is_the_one_of_the_request_line() -> None:
    found = read_request(scope())
    assert (found.uri, found.path, found.query) == (
        "/onvif/a%20b?x=1&y=",
        "/onvif/a b",
        {"x": "1", "y": ""},
    )


def test_an_ipv4_client_is_one_on_any_socket() -> None:
    assert read_request(scope()).client_address == "192.0.2.9"


def test_a_query_of_too_many_fields_is_no_query() -> None:
    assert read_request(scope(query_string=b"&".join([b"a=1"] * 60))).query == {}


def test_a_log_line_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        log_line("192.0.2.9", "", "{urn:a\nb c}X", "ok", 0.0015)
    assert caplog.messages[0].partition(" ")[2] == (
        "client=192.0.2.9 user=- op={urn:a\\nb_c}X result=ok ms=1.5"
    )
