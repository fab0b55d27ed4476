"""The device's own accounts behind SOAP: both ways to log in, and each way to fail."""

import asyncio
from collections.abc import Iterator

import pytest

from nvrdevice.accounts import settings
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import SYSTEM_CLOCK
from onvif_api.soap.app import SoapApp
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from tests.onvif_api.soap.http_digest import authorization
from tests.onvif_api.soap.operations import registered
from tests.onvif_api.soap_client import (
    PASSWORDS,
    Answer,
    call,
    envelope,
    run_here,
    send,
    username_token,
)

PATH = "/onvif/device_service?a=b"
TEXT = (
    "<wsse:Security><wsse:UsernameToken><wsse:Username>admin</wsse:Username>"
    f"<wsse:Password>{PASSWORDS['admin']}</wsse:Password>"
    "</wsse:UsernameToken></wsse:Security>"
)


def get_users(call: Call) -> Element:
    return el(
        "tds:GetUsersResponse",
        el("tds:User", el("tt:Username", call.user.username), el("tt:UserLevel", "User")),
    )


def get_hostname(call: Call) -> Element:
    return el("tds:GetHostnameResponse", el("tds:HostnameInformation", el("tt:FromDHCP", False)))


def set_hostname(call: Call) -> Element:
    return el("tds:SetHostnameResponse")


@pytest.fixture(autouse=True)
def operations(people: None) -> Iterator[None]:
    with (
        registered("tds:GetUsers", get_users),
        registered("tds:GetHostname", get_hostname),
        registered("tds:SetHostname", set_hostname),
    ):
        yield


def post(
    request: str = "<tds:GetUsers/>", *, header: str = "", digest: str = "", origin: str = ""
) -> Answer:
    app = SoapApp(runner=run_here)
    given = {"authorization": digest, "origin": origin}
    headers = {name: value for name, value in given.items() if value}
    return asyncio.run(send(app, envelope(request, header), PATH, headers=headers))


def outcome(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.fault or answer.text("tds:User/tt:Username") or "no user"


def digest_for(username: str, password: str, which: int = 0) -> str:
    challenge = post().header("WWW-Authenticate")[which]
    return authorization(challenge, username, password, method="POST", uri=PATH)


def test_a_username_token_digest() -> None:
    assert outcome(call("<tds:GetUsers/>", as_="admin")) == (200, "admin")


@pytest.mark.parametrize("which", [0, 1], ids=["SHA-256", "MD5"])
def test_http_digest_with_each_algorithm(which: int) -> None:
    digest = digest_for("admin", PASSWORDS["admin"], which)
    assert outcome(post(digest=digest)) == (200, "admin")


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://192.0.2.7:8000", (200, "admin")),
        ("http://evil.example", (400, "Sender/NotAuthorized")),
        ("null", (400, "Sender/NotAuthorized")),
    ],
)
def test_the_digest_a_browser_adds_counts_on_our_own_pages_only(
    origin: str, expected: tuple[int, str]
) -> None:
    digest = digest_for("admin", PASSWORDS["admin"])
    assert outcome(post(digest=digest, origin=origin)) == expected


def test_a_page_from_anywhere_may_ask_with_a_token_of_its_own() -> None:
    token = username_token("admin", PASSWORDS["admin"], SYSTEM_CLOCK.now())
    assert outcome(post(header=token, origin="http://evil.example")) == (200, "admin")


def test_the_challenges_are_sha_256_first_and_md5_last() -> None:
    challenges = post().header("WWW-Authenticate")
    assert [each.split("algorithm=")[1].split(",")[0] for each in challenges] == ["SHA-256", "MD5"]


def test_both_levels_together() -> None:
    token = username_token("admin", PASSWORDS["admin"], SYSTEM_CLOCK.now())
    digest = digest_for("admin", PASSWORDS["admin"])
    assert outcome(post(header=token, digest=digest)) == (200, "admin")


def test_both_levels_with_a_wrong_one_on_http() -> None:
    token = username_token("admin", PASSWORDS["admin"], SYSTEM_CLOCK.now())
    digest = digest_for("admin", "wrong")
    assert outcome(post(header=token, digest=digest)) == (401, "Sender/NotAuthorized")


def test_both_levels_with_a_wrong_one_on_ws() -> None:
    token = username_token("admin", "wrong", SYSTEM_CLOCK.now())
    digest = digest_for("admin", PASSWORDS["admin"])
    assert outcome(post(header=token, digest=digest)) == (401, "Sender/NotAuthorized")


def test_a_wrong_password_is_challenged_again() -> None:
    answer = call("<tds:GetUsers/>", as_="admin", password="wrong")
    assert outcome(answer) == (401, "Sender/NotAuthorized")
    assert len(answer.header("WWW-Authenticate")) == 2


def test_a_digest_message_again_is_refused() -> None:
    token = username_token("admin", PASSWORDS["admin"], SYSTEM_CLOCK.now())
    first, second = post(header=token), post(header=token)
    assert (outcome(first), outcome(second)) == ((200, "admin"), (401, "Sender/NotAuthorized"))


def test_basic_counts_as_nothing() -> None:
    token = username_token("admin", PASSWORDS["admin"], SYSTEM_CLOCK.now())
    assert outcome(post(header=token, digest="Basic eDp5")) == (200, "admin")


def test_a_readable_password_over_plain_http_is_refused() -> None:
    assert outcome(post(header=TEXT)) == (401, "Sender/NotAuthorized")


@pytest.mark.parametrize(
    "token",
    [
        "<wsse:UsernameToken/>",
        "<wsse:UsernameToken><wsse:Username>admin</wsse:Username></wsse:UsernameToken>",
        "<wsse:UsernameToken/><wsse:UsernameToken/>",
        '<wsse:UsernameToken><wsse:Username>admin</wsse:Username><wsse:Password Type="x#Odd">y'
        "</wsse:Password></wsse:UsernameToken>",
    ],
    ids=["empty", "no password", "two", "odd type"],
)
def test_an_odd_token_is_refused(token: str) -> None:
    header = f"<wsse:Security>{token}</wsse:Security>"
    assert outcome(post(header=header)) == (401, "Sender/NotAuthorized")


def test_an_old_nonce_is_answered_with_a_new_one() -> None:
    challenge = post().header("WWW-Authenticate")[0].replace('nonce="', 'nonce="0')
    digest = authorization(challenge, "admin", PASSWORDS["admin"], method="POST", uri=PATH)
    answer = post(digest=digest)
    stale = ["stale=true" in each for each in answer.header("WWW-Authenticate")]
    assert (answer.status, stale) == (401, [True, True])


def test_wrong_credentials_do_not_close_what_is_open_to_all() -> None:
    token = username_token("admin", "wrong", SYSTEM_CLOCK.now())
    assert post("<tds:GetHostname/>", header=token).status == 200


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 200), ("operator", 400), ("viewer", 400), (None, 401)]
)
def test_who_may_write_the_system(who: str | None, status: int) -> None:
    request = "<tds:SetHostname><tds:Name>it</tds:Name></tds:SetHostname>"
    assert call(request, as_=who).status == status


@pytest.fixture
def tokens_off() -> None:
    settings.change(by=Actor("tests", "127.0.0.1", "cli"), allow_username_token=False)


@pytest.mark.usefixtures("tokens_off")
def test_tokens_are_refused_where_they_are_switched_off() -> None:
    token = username_token("admin", PASSWORDS["admin"], SYSTEM_CLOCK.now())
    for header in (token, TEXT):
        assert outcome(post(header=header)) == (401, "Sender/NotAuthorized")
    assert outcome(post(digest=digest_for("admin", PASSWORDS["admin"]))) == (200, "admin")


@pytest.mark.usefixtures("tokens_off")
def test_who_sends_both_gets_in_by_digest_where_tokens_are_switched_off() -> None:
    token = username_token("admin", PASSWORDS["admin"], SYSTEM_CLOCK.now())
    digest = digest_for("admin", PASSWORDS["admin"])
    assert outcome(post(header=token, digest=digest)) == (200, "admin")
