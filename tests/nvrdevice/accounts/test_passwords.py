"""Password sign-in: bcrypt, imported hashes, slow-down, the first password."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import bcrypt
import pytest
from django.contrib.auth import authenticate

from nvrdevice.accounts import book, gate, hashes, passwords, refusals, standing, users
from nvrdevice.accounts.models import User
from nvrdevice.accounts.refusals import Reason, Refused
from nvrdevice.accounts.slow_down import PAIR_FREE
from nvrdevice.accounts.users import Change
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock

ADDRESS = "192.168.1.30"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 5, 4, tzinfo=UTC))


def check(
    clock: ManualClock,
    name: str = "vera",
    password: str = "vera-secret",
    *,
    address: str = ADDRESS,
    protocol: str = "web",
) -> str:
    return passwords.check(name, password, address=address, protocol=protocol, clock=clock).username


def reason(call: Callable[[], object]) -> Reason:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason


@pytest.mark.parametrize("protocol", ["web", "rest", "soap"])
def test_the_right_password(people: None, clock: ManualClock, protocol: str) -> None:
    assert check(clock, protocol=protocol) == "vera"


@pytest.mark.parametrize(
    ("name", "password", "expected"),
    [
        ("vera", "wrong", Reason.WRONG_PASSWORD),
        ("vera", "", Reason.WRONG_PASSWORD),
        ("vera", "vera-secret\0", Reason.WRONG_PASSWORD),
        ("vera", "\ud800", Reason.WRONG_PASSWORD),
        ("vera", "x" * 100_000, Reason.WRONG_PASSWORD),
        ("nobody", "vera-secret", Reason.UNKNOWN_USER),
        ("\ud800", "vera-secret", Reason.UNKNOWN_USER),
    ],
)
@pytest.mark.parametrize("protocol", ["web", "rest"])
def test_a_wrong_one(
    people: None, clock: ManualClock, name: str, password: str, expected: Reason, protocol: str
) -> None:
    with pytest.raises(Refused) as refused:
        check(clock, name, password, protocol=protocol)
    assert (refused.value.reason, refused.value.text) == (expected, refusals.WRONG)


def test_who_is_switched_off(people: None, by: Actor, clock: ManualClock) -> None:
    users.update(Change("vera", active=False), by=by)
    assert reason(lambda: check(clock)) is Reason.SWITCHED_OFF


def test_without_onvif_access_the_pages_are_open(
    people: None, by: Actor, clock: ManualClock
) -> None:
    users.update(Change("vera", onvif_access=False), by=by)
    assert check(clock) == "vera"
    assert User.objects.get(username="vera").sealed_secret is None


def test_an_unknown_user_costs_one_bcrypt_as_a_wrong_password_does(
    people: None, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[int] = []
    real = bcrypt.hashpw

    def counted(password: bytes, salt: bytes) -> bytes:
        spent.append(int(salt.split(b"$")[2]))
        return real(password, salt)

    monkeypatch.setattr(bcrypt, "hashpw", counted)
    reason(lambda: check(clock, "nobody", "wrong"))
    reason(lambda: check(clock, "vera", "wrong"))
    assert spent == [4, 4]


def test_who_sends_the_password_each_time_costs_no_bcrypt_each_time(
    people: None, by: Actor, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    users.update(Change("otto", onvif_access=False), by=by)
    check(clock, "otto", "otto-secret", protocol="rest")

    def forbidden(*unused: Any) -> bool:
        raise AssertionError("bcrypt was asked")

    monkeypatch.setattr(hashes, "verify", forbidden)
    assert check(clock, "otto", "otto-secret", protocol="rest") == "otto"
    assert check(clock, "vera", "vera-secret", protocol="rest") == "vera"


def test_what_is_remembered_dies_with_the_password(
    people: None, by: Actor, clock: ManualClock
) -> None:
    users.update(Change("otto", onvif_access=False), by=by)
    check(clock, "otto", "otto-secret", protocol="rest")
    users.update(Change("otto", "brand-new-1"), by=by)
    assert reason(lambda: check(clock, "otto", "otto-secret", protocol="rest")) is (
        Reason.WRONG_PASSWORD
    )


def test_a_remembered_password_readies_onvif_that_was_switched_on_since(
    people: None, by: Actor, clock: ManualClock
) -> None:
    users.update(Change("vera", onvif_access=False), by=by)
    check(clock, protocol="rest")
    users.update(Change("vera", onvif_access=True), by=by)
    check(clock, protocol="rest")
    entry = book.entry("vera")
    assert entry is not None
    assert entry.password == "vera-secret"


@pytest.mark.parametrize("protocol", ["web", "rest"])
def test_failures_slow_down_and_even_the_right_password_waits(
    people: None, clock: ManualClock, protocol: str
) -> None:
    for _ in range(PAIR_FREE + 1):
        reason(lambda: check(clock, password="wrong", protocol=protocol))
    with pytest.raises(Refused) as refused:
        check(clock, protocol=protocol)
    assert (refused.value.reason, refused.value.wait_s) == (Reason.SLOWED_DOWN, 1)
    assert refused.value.text == "Too many failed tries from this address: try again in 1 s."
    assert check(clock, address="192.168.1.31", protocol=protocol) == "vera"
    clock.advance(1)
    assert check(clock, protocol=protocol) == "vera"


def test_many_sign_ins_at_once_are_no_failures(people: None, clock: ManualClock) -> None:
    for _ in range(100):
        check(clock)
    assert gate.slow_down.wait_s("otto", ADDRESS, clock.monotonic_s()) == 0


def test_failures_are_seen_on_the_user(people: None, clock: ManualClock) -> None:
    for _ in range(PAIR_FREE + 2):
        reason(lambda: check(clock, password="wrong"))
        clock.advance(1)
    standing.flush()
    vera = users.list_users()[2]
    assert vera.failed_logins == PAIR_FREE + 2
    assert vera.slowed_until == datetime(2026, 5, 4, 0, 0, 7, tzinfo=UTC)
    clock.advance(60)
    check(clock)
    standing.flush()
    assert (users.list_users()[2].failed_logins, users.list_users()[2].slowed_until) == (0, None)


@pytest.mark.parametrize("prefix", ["", "bcrypt$"])
@pytest.mark.parametrize("variant", [b"2b", b"2a"])
@pytest.mark.parametrize("password", ["imported-1", "ü" * 64])
def test_an_imported_hash_signs_in_and_then_serves_onvif(
    people: None, clock: ManualClock, prefix: str, variant: bytes, password: str
) -> None:
    # Other programs' bcrypt sees 72 bytes, and so does the hash they wrote.
    raw = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4, prefix=variant)).decode()
    encoded = hashes.read(prefix + raw)
    assert encoded == "bcrypt$" + raw
    User.objects.filter(username="vera").update(password=encoded, sealed_secret=None)
    assert users.list_users()[2].waiting_for_password is True
    AuditRow.objects.all().drop()
    assert check(clock, password=password) == "vera"
    account = book.find("vera")
    assert account is not None
    assert book.password_of(account) == password
    assert hashes.is_current(User.objects.get(username="vera").password)
    assert [row.action for row in AuditRow.objects.all()] == ["ready password"]
    assert check(clock, password=password) == "vera"
    assert AuditRow.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "admin123",
        "$2b$12$short",
        "$2b$31$" + "a" * 53,
        "$2b$03$" + "a" * 53,
        "$1$" + "a" * 53,
        "pbkdf2_sha256$1$a$b",
        "bcrypt_sha256$$2b$99$" + "a" * 53,
    ],
)
def test_what_is_no_hash_of_ours_never_matches(text: str) -> None:
    assert hashes.read(text) is None
    assert hashes.verify("admin123", text) is False


def test_django_sign_in_is_slowed_down_too(people: None) -> None:
    assert authenticate(None, username="vera", password="vera-secret") is not None
    for _ in range(PAIR_FREE + 1):
        assert authenticate(None, username="vera", password="wrong") is None
    assert authenticate(None, username="vera", password="vera-secret") is None
    assert refusals.recent()[0].reason is Reason.SLOWED_DOWN
