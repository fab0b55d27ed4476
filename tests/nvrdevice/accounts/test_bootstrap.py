"""The first account: made once, known to everybody, and so for neighbours only."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from nvrdevice.accounts import book, bootstrap, networks, passwords, rtsp, setup, users
from nvrdevice.accounts import username_token as tokens
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.refusals import Reason, Refused
from nvrdevice.accounts.setup import Setup
from nvrdevice.accounts.users import Change, NewUser
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import SYSTEM_CLOCK, iso_utc
from nvrdevice.lib.errors import DeviceError

NEAR = ["127.0.0.1", "::1", "10.1.2.3", "172.31.0.1", "192.168.0.9", "169.254.7.7"]
NEAR += ["fe80::1%eth0", "fd00::1", "::ffff:192.168.1.1"]
FAR = ["8.8.8.8", "172.32.0.1", "203.0.113.5", "2001:db8::1", "::ffff:8.8.8.8", "", "testserver"]


def digest_sign_in(address: str, password: str = "admin123") -> str:
    created = iso_utc(SYSTEM_CLOCK.now())
    nonce = hashlib.sha256((address + password).encode()).digest()
    digest = hashlib.sha1(nonce + created.encode() + password.encode()).digest()
    return tokens.verify(
        "admin",
        base64.b64encode(digest).decode(),
        base64.b64encode(nonce).decode(),
        created,
        address=address,
    ).username


def test_the_first_start_makes_admin(db: None) -> None:
    assert bootstrap.ensure_first_account() == Setup(
        bootstrap_password=True, username="admin", closed=False
    )
    account = passwords.check("admin", "admin123", address="127.0.0.1")
    assert (account.level, account.must_change_password) == (Level.ADMINISTRATOR, True)


def test_the_second_start_makes_nothing(db: None) -> None:
    bootstrap.ensure_first_account()
    bootstrap.ensure_first_account()
    assert [row.action for row in AuditRow.objects.order_by("id")] == [
        "create users",
        "warn: the first password stands",
        "warn: the first password stands",
    ]
    assert [person.username for person in users.list_users()] == ["admin"]


def test_the_password_may_come_from_the_environment(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NVR_ADMIN_PASSWORD", "from-outside")
    assert bootstrap.ensure_first_account().bootstrap_password is True
    assert passwords.check("admin", "from-outside", address="127.0.0.1").username == "admin"


def test_a_password_from_the_environment_must_be_one(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NVR_ADMIN_PASSWORD", "123")
    with pytest.raises(DeviceError) as refused:
        bootstrap.ensure_first_account()
    assert refused.value.text == ("NVR_ADMIN_PASSWORD: Choose a password of at least 6 characters.")


@pytest.mark.parametrize("address", NEAR)
def test_neighbours_may_use_the_first_password(db: None, address: str) -> None:
    bootstrap.ensure_first_account()
    assert networks.is_local(address)
    assert passwords.check("admin", "admin123", address=address).username == "admin"
    assert digest_sign_in(address) == "admin"


@pytest.mark.parametrize("address", FAR)
def test_others_may_not(db: None, address: str) -> None:
    bootstrap.ensure_first_account()
    with pytest.raises(Refused) as refused:
        passwords.check("admin", "admin123", address=address)
    assert refused.value.reason is Reason.FOREIGN_NETWORK
    with pytest.raises(Refused) as refused:
        digest_sign_in(address)
    assert refused.value.reason is Reason.FOREIGN_NETWORK


def test_after_the_change_all_is_open(db: None, by: Actor) -> None:
    bootstrap.ensure_first_account()
    users.update(Change("admin", "brand-new-1"), by=by)
    assert setup.state() == Setup(bootstrap_password=False, username="", closed=False)
    assert digest_sign_in("203.0.113.5", "brand-new-1") == "admin"
    assert [login.local_only for login in rtsp.logins()] == [False]


def test_setup_required_closes_all_but_the_pages(db: None, by: Actor, settings: Any) -> None:
    settings.NVR_REQUIRE_SETUP = True
    assert bootstrap.ensure_first_account().closed is True
    for call in (
        lambda: digest_sign_in("127.0.0.1"),
        lambda: passwords.check("admin", "admin123", address="127.0.0.1", protocol="rest"),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.reason is Reason.SETUP_REQUIRED
    assert rtsp.logins() == []
    assert passwords.check("admin", "admin123", address="127.0.0.1").username == "admin"
    users.update(Change("admin", "brand-new-1"), by=by)
    assert digest_sign_in("127.0.0.1", "brand-new-1") == "admin"
    assert len(rtsp.logins()) == 1


def test_another_administrator_does_not_end_the_first_password(db: None, by: Actor) -> None:
    bootstrap.ensure_first_account()
    users.create(NewUser("boss", "boss-secret", ("admin",)), by=by)
    assert setup.state().bootstrap_password is True
    users.delete("admin", by=by)
    assert setup.state().bootstrap_password is False


def test_rtsp_logins_are_ha1_values(people: None) -> None:
    assert [(login.username, login.level, login.ha1_md5) for login in rtsp.logins()] == [
        (name, level, hashlib.md5(f"{name}:nvrdevice:{name}-secret".encode()).hexdigest())
        for name, level in [
            ("admin", Level.ADMINISTRATOR),
            ("otto", Level.OPERATOR),
            ("vera", Level.USER),
        ]
    ]


def test_a_file_of_the_owner_becomes_the_users(db: None, config_dir: Path) -> None:
    import bcrypt

    def hashed(password: str) -> str:
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()

    (config_dir / "users.yaml").write_text(
        yaml.safe_dump(
            {
                "users": [
                    {
                        "username": "admin",
                        "hashed_password": hashed("admin123"),
                        "roles": ["admin"],
                    },
                    {
                        "username": "alice",
                        "password_hash": hashed("s3cret"),
                        "roles": ["admin", "operator"],
                    },
                ]
            }
        )
    )
    # The owner's program made admin/admin123 too: it is the first password here as well.
    assert bootstrap.ensure_first_account() == Setup(
        bootstrap_password=True, username="admin", closed=False
    )
    alice = users.list_users()[1]
    assert (alice.roles, alice.waiting_for_password) == (("operator", "admin"), True)
    assert passwords.check("alice", "s3cret", address="203.0.113.5").level is Level.ADMINISTRATOR
    account = book.find("alice")
    assert account is not None
    assert book.password_of(account) == "s3cret"
