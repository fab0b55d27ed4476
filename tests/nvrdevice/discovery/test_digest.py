"""HTTP Digest as a client: RFC 7616's own example, and challenges of all kinds."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from nvrdevice.discovery import digest

RFC = {
    "realm": "http-auth@example.org",
    "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    "qop": "auth, auth-int",
}
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_the_rfc(algorithm: str, response: str) -> None:
    header = digest.answer(
        {**RFC, "algorithm": algorithm},
        username="Mufasa",
        password="Circle of Life",
        method="GET",
        path="/dir/index.html",
        cnonce=CNONCE,
    )
    assert f'response="{response}"' in header
    assert f"algorithm={algorithm}, qop=auth, nc=00000001" in header


@pytest.mark.parametrize(
    ("headers", "algorithm"),
    [
        ([], None),
        (["Basic realm=x"], None),
        (['Digest realm="x", nonce="n"'], "MD5"),
        (['Digest realm="x", nonce="n", algorithm=SHA-512-256'], None),
        (['Digest realm="x", nonce="n", qop="auth-int"'], None),
        (['Digest realm="x", algorithm=MD5'], None),
        (
            [
                'Digest realm="x", nonce="n", algorithm=MD5, qop="auth"',
                'digest realm="x", nonce="n", algorithm=SHA-256, qop="auth,auth-int"',
            ],
            "SHA-256",
        ),
    ],
)
def test_the_strongest_that_can_be_answered(headers: list[str], algorithm: str | None) -> None:
    found = digest.choose(headers)
    assert (found and found.get("algorithm", "MD5")) == algorithm


def test_a_challenge_cannot_write_other_headers() -> None:
    challenge = {"realm": 'a"b\r\nX: y', "nonce": "n"}
    header = digest.answer(challenge, username="u", password="p", method="POST", path="/")
    assert "\r" not in header
    assert 'realm="a\\"bX: y"' in header


@given(some.lists(some.text(max_size=200), max_size=4))
def test_anything_may_come(headers: list[str]) -> None:
    digest.choose(["Digest " + header for header in headers])
