"""WS-UsernameToken: what is let in, and why the rest is not."""

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bcrypt
import pytest

from nvrdevice import state
from nvrdevice.accounts import clock_window, refusals, username_token, users
from nvrdevice.accounts.nonces import NonceMemory
from nvrdevice.accounts.refusals import Reason, Refused
from nvrdevice.accounts.settings import AccountSettings
from nvrdevice.accounts.users import Change
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock, iso_utc

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ADDRESS = "192.168.1.77"
NONCE = bytes(range(16))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


def digest(password: str, created: str, nonce: bytes = NONCE) -> str:
    return base64.b64encode(
        hashlib.sha1(nonce + created.encode() + password.encode()).digest()
    ).decode()


def sign_in(
    clock: ManualClock,
    *,
    name: str = "vera",
    password: str = "vera-secret",
    nonce: bytes = NONCE,
    created: str | None = None,
    address: str = ADDRESS,
    nonce_b64: str | None = None,
) -> str:
    created = iso_utc(clock.now()) if created is None else created
    return username_token.verify(
        name,
        digest(password, created, nonce),
        base64.b64encode(nonce).decode() if nonce_b64 is None else nonce_b64,
        created,
        address=address,
        clock=clock,
    ).username


def reason(call: Callable[[], object]) -> Reason:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason


def test_a_right_digest_is_let_in(people: None, clock: ManualClock) -> None:
    assert sign_in(clock) == "vera"


@pytest.mark.parametrize(
    "form",
    [
        "2026-05-04T12:00:00Z",
        "2026-05-04T12:00:00.123Z",
        "2026-05-04T12:00:00.1234567Z",
        "2026-05-04T14:00:00+02:00",
        "2026-05-04T12:00:00",
        " 2026-05-04T12:00:00Z\n",
    ],
)
def test_every_way_to_write_the_time(people: None, clock: ManualClock, form: str) -> None:
    assert sign_in(clock, created=form) == "vera"


@pytest.mark.parametrize(
    "form",
    [
        lambda b64: b64,
        lambda b64: b64.rstrip("="),
        lambda b64: b64.replace("+", "-").replace("/", "_"),
        lambda b64: b64[:10] + "\r\n  " + b64[10:],
    ],
)
def test_every_way_to_write_base64(
    people: None, clock: ManualClock, form: Callable[[str], str]
) -> None:
    nonce = b"\xfb\xff\xfe" * 7 + b"!"
    written = form(base64.b64encode(nonce).decode())
    assert sign_in(clock, nonce=nonce, nonce_b64=written) == "vera"


@pytest.mark.parametrize(
    ("name", "password", "expected"),
    [
        ("nobody", "vera-secret", Reason.UNKNOWN_USER),
        ("Vera", "vera-secret", Reason.UNKNOWN_USER),
        ("", "vera-secret", Reason.UNKNOWN_USER),
        ("vera", "wrong", Reason.WRONG_PASSWORD),
        ("vera", "", Reason.WRONG_PASSWORD),
        ("vera", "otto-secret", Reason.WRONG_PASSWORD),
    ],
)
def test_a_wrong_name_or_password(
    people: None, clock: ManualClock, name: str, password: str, expected: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        sign_in(clock, name=name, password=password)
    assert refused.value.reason is expected
    assert refused.value.text == refusals.WRONG
    assert refused.value.subcode == "NotAuthorized"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change("vera", onvif_access=False), Reason.NO_ONVIF_ACCESS),
        (Change("vera", active=False), Reason.SWITCHED_OFF),
    ],
)
def test_a_user_who_may_not(
    people: None, by: Actor, clock: ManualClock, change: Change, expected: Reason
) -> None:
    users.update(change, by=by)
    assert reason(lambda: sign_in(clock)) is expected


def test_a_new_password_counts_from_the_next_request_on(
    people: None, by: Actor, clock: ManualClock
) -> None:
    assert sign_in(clock) == "vera"
    users.update(Change("vera", "brand-new-1"), by=by)
    assert reason(lambda: sign_in(clock, nonce=b"other")) is Reason.WRONG_PASSWORD
    assert sign_in(clock, nonce=b"third", password="brand-new-1") == "vera"


@pytest.mark.parametrize(
    ("nonce_b64", "created"),
    [
        ("", None),
        ("!!!", None),
        ("A" * 300, None),
        (None, ""),
        (None, "yesterday"),
        (None, "2026-13-04T12:00:00Z"),
        (None, "9999-12-31T23:59:59-14:00"),
        (None, "٢٠٢٦-05-04T12:00:00Z"),
    ],
)
def test_a_token_without_nonce_or_time_is_refused(
    people: None, clock: ManualClock, nonce_b64: str | None, created: str | None
) -> None:
    assert reason(lambda: sign_in(clock, nonce_b64=nonce_b64, created=created)) is Reason.MALFORMED


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_clock_at_the_edge_of_the_window(people: None, clock: ManualClock, seconds: int) -> None:
    assert sign_in(clock, created=iso_utc(NOW + timedelta(seconds=seconds))) == "vera"


@pytest.mark.parametrize(
    ("seconds", "note", "words"),
    [
        (-301, "clock off by -301 s", "301 s behind this device's"),
        (3600, "clock off by +3600 s", "3600 s ahead of this device's"),
    ],
)
def test_a_clock_outside_the_window(
    people: None, clock: ManualClock, seconds: int, note: str, words: str
) -> None:
    with pytest.raises(Refused) as refused:
        sign_in(clock, created=iso_utc(NOW + timedelta(seconds=seconds)))
    assert (refused.value.reason, refused.value.note) == (Reason.CLOCK_OFF, note)
    assert refused.value.text == f"The client's clock is {words}: set it by GetSystemDateAndTime."


def test_a_wrong_password_hears_nothing_of_clocks(people: None, clock: ManualClock) -> None:
    created = iso_utc(NOW - timedelta(days=1))
    assert (
        reason(lambda: sign_in(clock, password="wrong", created=created)) is Reason.WRONG_PASSWORD
    )


def test_the_window_is_a_setting(people: None, clock: ManualClock) -> None:
    state.update(AccountSettings, lambda _: AccountSettings(token_window_s=60))
    created = iso_utc(NOW - timedelta(seconds=61))
    assert reason(lambda: sign_in(clock, created=created)) is Reason.CLOCK_OFF


def test_before_the_first_clock_set_any_time_will_do_but_once(
    people: None, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_window, "_is_trusted", lambda: False)
    created = iso_utc(NOW + timedelta(days=900))
    assert sign_in(clock, created=created) == "vera"
    clock.advance(3600)
    assert reason(lambda: sign_in(clock, created=created)) is Reason.REPLAY


def test_a_token_is_good_once(people: None, clock: ManualClock) -> None:
    assert sign_in(clock) == "vera"
    assert reason(lambda: sign_in(clock)) is Reason.REPLAY


def test_a_token_cut_elsewhere_is_the_same_token(people: None, clock: ManualClock) -> None:
    # nonce + created is one run of bytes in the digest: " 2026…" may lose its blank to the nonce.
    created = iso_utc(NOW)
    assert sign_in(clock, nonce=NONCE + b" ", created=created) == "vera"
    assert reason(lambda: sign_in(clock, nonce=NONCE, created=" " + created)) is Reason.REPLAY


def test_a_replay_under_another_name_with_the_same_password(
    people: None, by: Actor, clock: ManualClock
) -> None:
    users.update(Change("otto", "vera-secret"), by=by)
    assert sign_in(clock) == "vera"
    assert reason(lambda: sign_in(clock, name="otto")) is Reason.REPLAY


def test_a_replay_after_a_restart_is_refused(
    people: None, clock: ManualClock, config_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign_in(clock) == "vera"
    started_anew = NonceMemory(config_dir / "nonces.txt", now=clock.now().timestamp())
    monkeypatch.setattr(username_token, "_memory", lambda: started_anew)
    assert reason(lambda: sign_in(clock)) is Reason.REPLAY


def test_a_wider_window_does_not_bring_old_tokens_back(people: None, clock: ManualClock) -> None:
    created = iso_utc(NOW)
    assert sign_in(clock, created=created) == "vera"
    clock.advance(1800)
    state.update(AccountSettings, lambda _: AccountSettings(token_window_s=3600))
    assert reason(lambda: sign_in(clock, created=created)) is Reason.REPLAY


def test_a_wrong_clock_or_a_replay_slows_nobody_down(people: None, clock: ManualClock) -> None:
    old = iso_utc(NOW - timedelta(hours=2))
    for _ in range(50):
        assert reason(lambda: sign_in(clock, created=old)) is Reason.CLOCK_OFF
    assert sign_in(clock) == "vera"


def test_text_over_plain_http_is_refused(people: None, clock: ManualClock) -> None:
    with pytest.raises(Refused) as refused:
        username_token.verify_text("vera", "vera-secret", address=ADDRESS, secure=False)
    assert refused.value.reason is Reason.PLAIN_TEXT


def test_text_is_accepted_over_tls_or_where_a_setting_allows_it(people: None) -> None:
    def text(*, secure: bool) -> str:
        return username_token.verify_text(
            "vera", "vera-secret", address=ADDRESS, secure=secure
        ).username

    assert text(secure=True) == "vera"
    state.update(AccountSettings, lambda _: AccountSettings(allow_password_text=True))
    assert text(secure=False) == "vera"


def test_wrong_text_is_refused_without_bcrypt(
    people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*unused: object) -> bool:
        raise AssertionError("bcrypt was asked")

    monkeypatch.setattr(bcrypt, "hashpw", forbidden)
    for name, expected in (("vera", Reason.WRONG_PASSWORD), ("nobody", Reason.UNKNOWN_USER)):
        with pytest.raises(Refused) as refused:
            username_token.verify_text(name, "wrong", address=ADDRESS, secure=True)
        assert refused.value.reason is expected


def test_text_of_a_user_without_onvif_access_is_refused(people: None, by: Actor) -> None:
    users.update(Change("vera", onvif_access=False), by=by)
    assert (
        reason(
            lambda: username_token.verify_text("vera", "vera-secret", address=ADDRESS, secure=True)
        )
        is Reason.NO_ONVIF_ACCESS
    )


def test_each_refused_guess_is_logged_once_without_the_password(
    people: None, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    reason(lambda: sign_in(clock, password="my-wrong-guess"))
    lines = [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
    assert lines == ["refused soap user='vera' address=192.168.1.77: wrong password"]
    assert refusals.recent()[0].reason is Reason.WRONG_PASSWORD
