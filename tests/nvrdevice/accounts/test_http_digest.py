"""HTTP Digest as real clients answer it, and every way it must not be answered."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvrdevice.accounts import authorization, http_digest, users
from nvrdevice.accounts.digest_nonces import LIFE_S, DigestNonces
from nvrdevice.accounts.refusals import Reason, Refused
from nvrdevice.accounts.users import Change, NewUser
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
URI = "/onvif/device_service"
MAKERS: dict[str, Any] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


def h(algorithm: str, text: bytes) -> str:
    return str(MAKERS[algorithm](text).hexdigest())


def nonce_of(challenge: str) -> str:
    found = re.search(r'nonce="([^"]+)"', challenge)
    assert found
    return found.group(1)


def answer(
    clock: ManualClock,
    *,
    name: str = "vera",
    password: str = "vera-secret",
    algorithm: str = "MD5",
    nonce: str | None = None,
    nc: str = "00000001",
    qop: str = "auth",
    uri: str = URI,
    method: str = "POST",
    encoding: str = "utf-8",
    written: dict[str, str] | None = None,
) -> str:
    nonce = nonce_of(http_digest.challenges(clock=clock)[0]) if nonce is None else nonce
    ha1 = h(algorithm, f"{name}:nvrdevice:{password}".encode(encoding))
    middle = f"{nonce}:{nc}:0a4f113b:{qop}" if qop else nonce
    response = h(algorithm, f"{ha1}:{middle}:{h(algorithm, f'{method}:{uri}'.encode())}".encode())
    fields = {
        "username": f'"{name}"'.encode(encoding).decode("latin-1"),
        "realm": '"nvrdevice"',
        "nonce": f'"{nonce}"',
        "uri": f'"{uri}"',
        "response": f'"{response}"',
        "algorithm": algorithm,
    }
    if qop:
        fields |= {"qop": qop, "nc": nc, "cnonce": '"0a4f113b"'}
    fields |= written or {}
    return "Digest " + ", ".join(f"{key}={value}" for key, value in fields.items() if value)


def check(clock: ManualClock, header: str, *, method: str = "POST", uri: str = URI) -> str:
    account = http_digest.verify(header, method, uri, address="192.168.1.9", clock=clock)
    return account.username


def reason(call: Callable[[], object]) -> Reason:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason


def test_sha_256_is_asked_first_and_md5_last(clock: ManualClock) -> None:
    values = http_digest.challenges(clock=clock)
    assert [re.sub(r'nonce="[^"]+"', "nonce=N", value) for value in values] == [
        'Digest realm="nvrdevice", qop="auth", algorithm=SHA-256, nonce=N',
        'Digest realm="nvrdevice", qop="auth", algorithm=MD5, nonce=N',
    ]
    assert http_digest.challenges(stale=True)[0].endswith(", stale=true")


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize("qop", ["auth", ""])
def test_a_right_answer_is_let_in(
    people: None, clock: ManualClock, algorithm: str, qop: str
) -> None:
    assert check(clock, answer(clock, algorithm=algorithm, qop=qop)) == "vera"


def test_the_example_of_rfc_7616(db: None, by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_digest, "REALM", "http-auth@example.org")
    monkeypatch.setattr(DigestNonces, "is_live", lambda *unused: True)
    users.create(NewUser("Mufasa", "Circle of Life", ("viewer",)), by=by)
    header = (
        'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", '
        'algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, '
        'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, '
        'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", '
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    account = http_digest.verify(header, "GET", "/dir/index.html", address="127.0.0.1")
    assert account.username == "Mufasa"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"nc": '"00000001"', "qop": '"auth"', "algorithm": '"MD5"'}, "quotes everywhere"),
        ({"algorithm": "md5"}, "small letters"),
        ({"algorithm": ""}, "no algorithm is MD5"),
        ({"opaque": '""', "charset": "UTF-8"}, "more than we asked for"),
    ],
)
def test_sloppy_headers_are_read(
    people: None, clock: ManualClock, other: dict[str, str], why: str
) -> None:
    assert check(clock, answer(clock, written=other)) == "vera"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_letters_beyond_ascii_in_either_encoding(
    db: None, by: Actor, clock: ManualClock, encoding: str
) -> None:
    users.create(NewUser("käthe", "süßes-geheimnis", ("viewer",)), by=by)
    header = answer(clock, name="käthe", password="süßes-geheimnis", encoding=encoding)
    assert check(clock, header) == "käthe"


def test_question_marks_are_no_password(db: None, by: Actor, clock: ManualClock) -> None:
    users.create(NewUser("ivan", "пароль", ("viewer",)), by=by)
    assert reason(lambda: check(clock, answer(clock, name="ivan", password="??????"))) is (
        Reason.WRONG_PASSWORD
    )


def test_a_quoted_name_with_a_backslash_is_unquoted() -> None:
    header = r'Digest username="a\"b", realm="r", nonce="n", uri="/", response="r"'
    found = authorization.read(header)
    assert found is not None
    assert found.username == 'a"b'


def test_an_extended_name_is_decoded() -> None:
    header = 'Digest username*=UTF-8\'\'J%C3%A4s, realm="r", nonce="n", uri="/", response="r"'
    found = authorization.read(header)
    assert found is not None
    assert found.username == "Jäs"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Digest",
        "Basic YWRtaW46YWRtaW4xMjM=",
        'Digest username="vera"',
        'Digest username="vera", username="otto", nonce="n", uri="/", response="r"',
        'Digest username="vera, nonce="n", uri="/", response="r"',
        "Digest " + "x" * 5000,
        "Digest \0\x7fÿ",
    ],
)
def test_what_is_no_answer_is_refused(people: None, clock: ManualClock, header: str) -> None:
    assert reason(lambda: check(clock, header)) is Reason.MALFORMED


@given(st.text(max_size=200) | st.from_regex(r'([a-z*]+ *= *("[^"]*"|[^,]*),?)*', fullmatch=True))
def test_reading_a_header_never_fails(text: str) -> None:
    found = authorization.read("Digest " + text)
    assert found is None or isinstance(found.username, str)


def test_a_header_of_blanks_is_read_in_one_go() -> None:
    blanks = " " * 2000
    assert authorization.read(f"Digest a={blanks}x{blanks}y") is None


@pytest.mark.parametrize(
    "other",
    [
        {"realm": '"other"'},
        {"algorithm": "SHA-512-256"},
        {"algorithm": "MD5-sess"},
        {"qop": "auth-int"},
        {"nc": ""},
        {"nc": "1"},
        {"cnonce": ""},
    ],
)
def test_an_answer_to_another_question_is_refused(
    people: None, clock: ManualClock, other: dict[str, str]
) -> None:
    header = answer(clock)
    for key, value in other.items():
        header = re.sub(
            rf"(, |Digest ){key}=[^,]+", rf"\g<1>{key}={value}" if value else "", header
        )
    assert reason(lambda: check(clock, header)) is Reason.MALFORMED


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({"password": "wrong"}, Reason.WRONG_PASSWORD),
        ({"name": "nobody"}, Reason.UNKNOWN_USER),
        ({"method": "GET"}, Reason.WRONG_PASSWORD),
        ({"written": {"response": '"00"'}}, Reason.WRONG_PASSWORD),
        ({"written": {"response": '"ÿ"'}}, Reason.WRONG_PASSWORD),
    ],
)
def test_a_wrong_answer_is_refused(
    people: None, clock: ManualClock, made: dict[str, Any], expected: Reason
) -> None:
    assert reason(lambda: check(clock, answer(clock, **made))) is expected


def test_a_user_without_onvif_access_is_refused(
    people: None, by: Actor, clock: ManualClock
) -> None:
    users.update(Change("vera", onvif_access=False), by=by)
    assert reason(lambda: check(clock, answer(clock))) is Reason.NO_ONVIF_ACCESS


def test_the_digest_must_be_for_the_address_requested(people: None, clock: ManualClock) -> None:
    header = answer(clock, uri="/onvif/other")
    assert reason(lambda: check(clock, header)) is Reason.WRONG_URI
    no_address = answer(clock, uri="http://[")
    assert reason(lambda: check(clock, no_address)) is Reason.WRONG_URI
    query = answer(clock, uri=URI + "?a=1")
    assert reason(lambda: check(clock, query, uri=URI + "?a=2")) is Reason.WRONG_URI


@pytest.mark.parametrize(
    ("claimed", "requested"),
    [
        ("http://192.168.1.2:8000/onvif/device_service", URI),
        ("/onvif/snapshot/profile%31?a=b", "/onvif/snapshot/profile1?a=b"),
    ],
)
def test_the_same_address_written_otherwise(
    people: None, clock: ManualClock, claimed: str, requested: str
) -> None:
    assert check(clock, answer(clock, uri=claimed), uri=requested) == "vera"


def test_a_count_is_good_once(people: None, clock: ManualClock) -> None:
    header = answer(clock)
    assert check(clock, header) == "vera"
    assert reason(lambda: check(clock, header)) is Reason.REPLAY


def test_a_nonce_serves_many_counts_also_out_of_order(people: None, clock: ManualClock) -> None:
    nonce = nonce_of(http_digest.challenges(clock=clock)[1])
    for nc in ("00000001", "00000003", "00000002", "0000000a"):
        assert check(clock, answer(clock, nonce=nonce, nc=nc)) == "vera"
    for nc in ("00000001", "00000002", "00000003", "0000000A"):
        header = answer(clock, nonce=nonce, nc=nc)
        assert reason(lambda: check(clock, header)) is Reason.REPLAY  # noqa: B023


def test_without_a_count_a_nonce_is_good_once(people: None, clock: ManualClock) -> None:
    header = answer(clock, qop="")
    assert check(clock, header) == "vera"
    with pytest.raises(Refused) as refused:
        check(clock, header)
    assert refused.value.stale


def test_a_nonce_grows_old(people: None, clock: ManualClock) -> None:
    nonce = nonce_of(http_digest.challenges(clock=clock)[1])
    clock.advance(LIFE_S - 1)
    assert check(clock, answer(clock, nonce=nonce)) == "vera"
    clock.advance(2)
    with pytest.raises(Refused) as refused:
        check(clock, answer(clock, nonce=nonce, nc="00000002"))
    assert refused.value.stale


def test_a_wrong_answer_to_an_old_nonce_is_just_wrong(people: None, clock: ManualClock) -> None:
    assert reason(lambda: check(clock, answer(clock, nonce="old", password="wrong"))) is (
        Reason.WRONG_PASSWORD
    )


@pytest.mark.parametrize("nonce", ["", "abc", "A" * 43, "!", "=" * 40])
def test_a_nonce_we_never_gave_is_stale(people: None, clock: ManualClock, nonce: str) -> None:
    assert reason(lambda: check(clock, answer(clock, nonce=nonce))) is Reason.STALE_NONCE


def test_the_nonce_of_another_process_is_stale(people: None, clock: ManualClock) -> None:
    foreign = DigestNonces().issue(clock.monotonic_s())
    assert reason(lambda: check(clock, answer(clock, nonce=foreign))) is Reason.STALE_NONCE


def test_used_nonces_are_bounded_and_forgotten_ones_are_dead() -> None:
    nonces = DigestNonces(kept=3)
    issued = [nonces.issue(n / 10) for n in range(6)]
    assert [nonces.use(nonce, 1) for nonce in issued] == [True] * 6
    assert [nonces.is_live(nonce, 1) for nonce in issued] == [False] * 3 + [True] * 3


def test_a_stale_nonce_slows_nobody_down(people: None, clock: ManualClock) -> None:
    for _ in range(50):
        assert reason(lambda: check(clock, answer(clock, nonce="old"))) is Reason.STALE_NONCE
    assert check(clock, answer(clock)) == "vera"
