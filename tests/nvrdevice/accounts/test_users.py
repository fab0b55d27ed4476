"""Making, changing and removing users: policy, all or nothing, the last administrator."""

from collections.abc import Callable

import pytest

from nvrdevice.accounts import book, policy, users
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.models import User
from nvrdevice.accounts.users import Change, NewUser
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.errors import DeviceError, Kind

Names = Callable[[], list[str]]


def refusal(call: Callable[[], object]) -> tuple[Kind, str]:
    with pytest.raises(DeviceError) as refused:
        call()
    return refused.value.kind, refused.value.subcode


@pytest.mark.parametrize(
    ("name", "subcode"),
    [
        ("", "OperationProhibited/UsernameTooShort"),
        ("x" * 65, "OperationProhibited/UsernameTooLong"),
        ("Anonymous", "OperationProhibited/AnonymousNotAllowed"),
        ("a:b", "InvalidArgVal"),
        ('a"b', "InvalidArgVal"),
        ("a/b", "InvalidArgVal"),
        ("a\\b", "InvalidArgVal"),
        (" a", "InvalidArgVal"),
        ("a\n", "InvalidArgVal"),
        ("..", "InvalidArgVal"),
        ("\ud800", "InvalidArgVal"),
    ],
)
def test_a_bad_name_is_refused(db: None, by: Actor, name: str, subcode: str) -> None:
    new = NewUser(name, "some-secret", ("viewer",))
    assert refusal(lambda: users.create(new, by=by)) == (Kind.INVALID, subcode)


@pytest.mark.parametrize("name", ["x", "x" * 64, "a b", "käthe", "a.b@c+d-e_f", "日本"])
def test_a_good_name_is_kept(db: None, by: Actor, names: Names, name: str) -> None:
    assert users.create(NewUser(name, "some-secret", ("viewer",)), by=by) == name
    assert names() == [name]


@pytest.mark.parametrize(
    ("password", "new", "changed"),
    [
        ("", "Password", "PasswordTooWeak"),
        ("12345", "Password", "PasswordTooWeak"),
        ("x" * 65, "PasswordTooLong", "PasswordTooLong"),
        ("tab\tulator", "Password", "PasswordTooWeak"),
        ("      ", "Password", "PasswordTooWeak"),
        ("null\0byte", "Password", "PasswordTooWeak"),
        ("\ud800surrogate", "Password", "PasswordTooWeak"),
    ],
)
def test_a_bad_password_is_refused(
    people: None, by: Actor, password: str, new: str, changed: str
) -> None:
    assert refusal(lambda: users.create(NewUser("x", password, ("viewer",)), by=by)) == (
        Kind.INVALID,
        "OperationProhibited/" + new,
    )
    assert refusal(lambda: users.update(Change("vera", password), by=by)) == (
        Kind.INVALID,
        "OperationProhibited/" + changed,
    )


@pytest.mark.parametrize("password", ["123456", "x" * 64, "ü" * 64, "😀" * 64, "a b c d"])
def test_a_good_password_is_taken(people: None, by: Actor, password: str) -> None:
    users.update(Change("vera", password), by=by)
    account = book.find("vera")
    assert account is not None
    assert book.password_of(account) == password


def test_the_password_everybody_knows_is_refused(people: None, by: Actor) -> None:
    assert refusal(lambda: users.update(Change("admin", policy.FIRST_PASSWORD), by=by)) == (
        Kind.INVALID,
        users.WEAK_CHANGED,
    )


@pytest.mark.parametrize("roles", [(), ("boss",), ("viewer", "boss")])
def test_bad_roles_are_refused(db: None, by: Actor, roles: tuple[str, ...]) -> None:
    new = NewUser("x", "some-secret", roles)
    assert refusal(lambda: users.create(new, by=by)) == (Kind.INVALID, "InvalidArgVal")


@pytest.mark.parametrize("taken", ["vera", "Vera", "VERA"])
def test_a_name_is_taken_in_any_capitals(people: None, by: Actor, taken: str) -> None:
    new = NewUser(taken, "some-secret", ("viewer",))
    assert refusal(lambda: users.create(new, by=by)) == (
        Kind.CONFLICT,
        "OperationProhibited/UsernameClash",
    )


def test_one_clash_and_nobody_is_made(people: None, by: Actor, names: Names) -> None:
    wanted = [
        NewUser("new", "some-secret", ("viewer",)),
        NewUser("vera", "some-secret", ("admin",)),
    ]
    assert refusal(lambda: users.create_many(wanted, by=by))[1].endswith("UsernameClash")
    twice = [NewUser("new", "some-secret", ("viewer",))] * 2
    assert refusal(lambda: users.create_many(twice, by=by))[1].endswith("UsernameClash")
    assert names() == ["admin", "otto", "vera"]


def test_one_unknown_name_and_nobody_is_changed(people: None, by: Actor) -> None:
    wanted = [Change("vera", roles=("admin",)), Change("nobody", roles=("admin",))]
    assert refusal(lambda: users.update_many(wanted, by=by)) == (
        Kind.MISSING,
        "InvalidArgVal/UsernameMissing",
    )
    account = book.find("vera")
    assert account is not None
    assert account.level is Level.USER


def test_one_weak_password_and_nobody_is_changed(people: None, by: Actor) -> None:
    wanted = [Change("otto", "brand-new-1"), Change("vera", "short")]
    assert refusal(lambda: users.update_many(wanted, by=by))[1].endswith("PasswordTooWeak")
    account = book.find("otto")
    assert account is not None
    assert book.password_of(account) == "otto-secret"


def test_one_unknown_name_and_nobody_is_deleted(people: None, by: Actor, names: Names) -> None:
    assert refusal(lambda: users.delete_many(["vera", "nobody"], by=by)) == (
        Kind.MISSING,
        "InvalidArgVal/UsernameMissing",
    )
    assert names() == ["admin", "otto", "vera"]


def test_no_more_users_than_there_is_room_for(db: None, by: Actor, names: Names) -> None:
    many = [NewUser(f"u{n}", "some-secret", ("admin",)) for n in range(users.USERS_MAX)]
    users.create_many(many, by=by)
    one = NewUser("one-more", "some-secret", ("viewer",))
    assert refusal(lambda: users.create(one, by=by)) == (Kind.LIMIT, "Action/TooManyUsers")
    assert len(names()) == users.USERS_MAX


@pytest.mark.parametrize(
    "call",
    [
        lambda by: users.delete("admin", by=by),
        lambda by: users.delete_many(["vera", "admin", "otto"], by=by),
        lambda by: users.update(Change("admin", roles=("operator",)), by=by),
        lambda by: users.update(Change("admin", active=False), by=by),
        lambda by: users.update_many(
            [Change("otto", roles=("admin",), active=False), Change("admin", roles=("viewer",))],
            by=by,
        ),
    ],
)
def test_the_last_administrator_remains(
    people: None, by: Actor, names: Names, call: Callable[[Actor], None]
) -> None:
    rows = AuditRow.objects.count()
    assert refusal(lambda: call(by)) == (Kind.CONFLICT, "InvalidArgVal/FixedUser")
    assert names() == ["admin", "otto", "vera"]
    account = book.find("admin")
    assert account is not None
    assert account.level is Level.ADMINISTRATOR
    assert AuditRow.objects.count() == rows


def test_administrators_may_change_hands_in_one_call(people: None, by: Actor) -> None:
    users.update_many([Change("admin", roles=("viewer",)), Change("otto", roles=("admin",))], by=by)
    assert {p.username: p.roles for p in users.list_users()} == {
        "admin": ("viewer",),
        "otto": ("admin",),
        "vera": ("viewer",),
    }


def test_django_flags_follow_the_role(people: None, by: Actor) -> None:
    users.update(Change("vera", roles=("admin", "viewer")), by=by)
    users.update(Change("admin", roles=("viewer",)), by=by)
    assert list(
        User.objects.order_by("id").values_list("username", "is_superuser", "is_staff")
    ) == [
        ("admin", False, False),
        ("otto", False, False),
        ("vera", True, True),
    ]


def test_each_call_leaves_one_audit_row_without_a_secret(people: None, by: Actor) -> None:
    AuditRow.objects.all().drop()
    users.create_many(
        [NewUser("n1", "n1-secret", ("viewer",)), NewUser("n2", "n2-secret", ("viewer",))], by=by
    )
    users.update_many([Change("n1", "n1-other"), Change("n2", onvif_access=False)], by=by)
    users.delete_many(["n1", "n2"], by=by)
    rows = list(AuditRow.objects.order_by("id"))
    assert [(row.action, row.object) for row in rows] == [
        ("create users", "n1, n2"),
        ("change users", "n1, n2"),
        ("delete users", "n1, n2"),
    ]
    assert {(row.username, row.address, row.protocol) for row in rows} == {
        ("admin", "192.168.1.2", "rest")
    }
    assert rows[1].before["n2"]["onvif_access"] is True
    assert rows[1].after["n2"]["onvif_access"] is False
    assert rows[1].after["n1"]["password"] == "changed"
    assert rows[2].after == {}
    assert "secret" not in str([(row.before, row.after) for row in rows])


def test_the_password_is_sealed_only_while_onvif_access_is_on(people: None, by: Actor) -> None:
    users.update(Change("vera", onvif_access=False), by=by)
    assert User.objects.get(username="vera").sealed_secret is None
    users.update(Change("vera", "brand-new-1"), by=by)
    assert User.objects.get(username="vera").sealed_secret is None
    users.update(Change("vera", onvif_access=True), by=by)
    vera = users.list_users()[2]
    assert (vera.onvif_access, vera.waiting_for_password) == (True, True)


def test_no_secret_stands_in_the_database(people: None) -> None:
    for user in User.objects.all():
        stored = bytes(user.sealed_secret) + user.password.encode()
        assert f"{user.username}-secret".encode() not in stored
        assert user.password.startswith("bcrypt_sha256$$2b$")


def test_the_password_that_must_change_is_no_change(people: None, by: Actor) -> None:
    users.update(Change("vera", must_change_password=True), by=by)
    assert refusal(lambda: users.update(Change("vera", "vera-secret"), by=by)) == (
        Kind.INVALID,
        users.WEAK_CHANGED,
    )
    users.update(Change("vera", "brand-new-1"), by=by)
    assert users.list_users()[2].must_change_password is False


@pytest.mark.parametrize(
    ("level", "roles"),
    [("Administrator", ("admin",)), ("Operator", ("operator",)), ("User", ("viewer",))],
)
def test_onvif_levels_are_roles(level: str, roles: tuple[str, ...]) -> None:
    assert policy.roles_of(level) == roles


def test_nobody_gets_the_level_anonymous() -> None:
    assert refusal(lambda: policy.roles_of("Anonymous")) == (
        Kind.INVALID,
        "OperationProhibited/AnonymousNotAllowed",
    )
    assert refusal(lambda: policy.roles_of("Extended")) == (Kind.INVALID, "InvalidArgVal")


def test_django_createsuperuser_makes_an_administrator(db: None) -> None:
    User.objects.create_superuser("root", password="root-secret")
    account = book.find("root")
    assert account is not None
    assert account.level is Level.ADMINISTRATOR
