"""users.yaml: ours is written anew, a person's is read whole, a broken one changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from nvrdevice.accounts import book, users, users_file, users_import
from nvrdevice.accounts.models import User, UsersFileState
from nvrdevice.accounts.users import Change
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import DEVICE, Actor
from nvrdevice.lib import atomic_file
from nvrdevice.lib.errors import DeviceError

HASH = "$2b$04$" + "abcdefghijklmnopqrstuv" + "w" * 31
Names = Callable[[], list[str]]


@pytest.fixture
def file(people: None, config_dir: Path) -> Path:
    return config_dir / "users.yaml"


def start() -> None:
    users_import.reconcile(DEVICE)


def edit(file: Path, change: Callable[[dict[str, Any]], None]) -> bytes:
    document = yaml.safe_load(file.read_bytes())
    change(document)
    file.write_text(yaml.safe_dump(document))
    return file.read_bytes()


def test_it_is_written_after_each_change(file: Path, by: Actor) -> None:
    users.update(Change("vera", active=False), by=by)
    document = yaml.safe_load(file.read_bytes())
    assert [list(user) for user in document["users"]] == [
        ["username", "password_hash", "roles"],
        ["username", "password_hash", "roles"],
        ["username", "password_hash", "roles", "active"],
    ]
    assert document["users"][2]["roles"] == ["viewer"]
    users.delete("vera", by=by)
    assert [u["username"] for u in yaml.safe_load(file.read_bytes())["users"]] == ["admin", "otto"]


def test_it_has_hashes_but_no_passwords_and_one_reader(file: Path) -> None:
    raw = file.read_bytes()
    assert b"secret" not in raw.replace(b"password_hash", b"")
    assert raw.count(b"bcrypt_sha256$$2b$") == 3
    assert file.stat().st_mode & 0o777 == 0o600


def test_its_digest_is_in_the_database(file: Path) -> None:
    state = UsersFileState.objects.get()
    assert state.digest == users_file.on_disk()


def test_the_file_of_before_is_written_anew(file: Path, by: Actor) -> None:
    before = file.read_bytes()
    users.update(Change("vera", roles=("operator",)), by=by)
    after = file.read_bytes()
    file.write_bytes(before)  # killed between the commit and the rename
    rows = AuditRow.objects.count()
    start()
    assert file.read_bytes() == after
    assert AuditRow.objects.count() == rows


def test_a_change_that_was_never_written_survives_the_next_kill(
    file: Path, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(atomic_file, "write_bytes", full_disk)
        users.update(Change("vera", roles=("operator",)), by=by)
        users.update(Change("otto", roles=("viewer",)), by=by)
    assert file.read_bytes() == before
    start()
    assert [u["roles"] for u in yaml.safe_load(file.read_bytes())["users"]] == [
        ["admin"],
        ["viewer"],
        ["operator"],
    ]


def full_disk(*unused: object, **also: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_missing_file_is_written_anew(file: Path) -> None:
    before = file.read_bytes()
    file.unlink()
    start()
    assert file.read_bytes() == before


def test_an_edited_file_becomes_the_users_whole(file: Path, names: Names) -> None:
    def change(document: dict[str, Any]) -> None:
        del document["users"][1]
        document["users"][1]["roles"] = ["operator", "viewer"]
        document["users"].append(
            {"username": "alice", "hashed_password": HASH, "roles": ["viewer"]}
        )

    edit(file, change)
    AuditRow.objects.all().drop()
    start()
    people = {person.username: person for person in users.list_users()}
    assert {name: person.roles for name, person in people.items()} == {
        "admin": ("admin",),
        "vera": ("viewer", "operator"),
        "alice": ("viewer",),
    }
    assert {name: person.waiting_for_password for name, person in people.items()} == {
        "admin": False,
        "vera": False,
        "alice": True,
    }
    row = AuditRow.objects.get()
    assert (row.action, row.protocol) == ("import users.yaml", "device")
    assert sorted(row.before) == ["admin", "otto", "vera"]
    assert sorted(row.after) == ["admin", "alice", "vera"]
    start()
    assert AuditRow.objects.count() == 1


def test_an_edited_hash_ends_the_old_password_on_onvif(file: Path) -> None:
    edit(file, lambda document: document["users"][2].update(password_hash=HASH))
    start()
    vera = User.objects.get(username="vera")
    assert (vera.password, vera.sealed_secret) == ("bcrypt$" + HASH, None)
    account = book.find("vera")
    assert account is not None
    assert book.password_of(account) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("users: [", "users.yaml: not valid YAML in line 1 "),
        ("[]", "users.yaml: expected a mapping of settings at the top."),
        ("people: []", "users.yaml: users: expected a list of 1 to 64 users."),
        ("users: []", "users.yaml: users: expected a list of 1 to 64 users."),
        ("users: {}", "users.yaml: users: expected a list of 1 to 64 users."),
        ("users: [3]", "users.yaml: users[0]: expected a mapping with username,"),
        (
            "users: [{username: a, password_hash: x, roles: [admin]}]",
            "users.yaml: users[0].password_hash: expected a bcrypt hash",
        ),
        (
            f"users: [{{username: a, password_hash: {HASH}, roles: admin}}]",
            "users.yaml: users[0].roles: expected a list of roles.",
        ),
        (
            f"users: [{{username: a, password_hash: {HASH}, roles: [boss]}}]",
            "users.yaml: users[0].roles: Give one or more of the roles viewer, operator, admin.",
        ),
        (
            f"users: [{{username: 'a:b', password_hash: {HASH}, roles: [admin]}}]",
            "users.yaml: users[0].username: A user name has no",
        ),
        (
            f"users: [{{username: a, password_hash: {HASH}, roles: [admin], active: 3}}]",
            "users.yaml: users[0].active: expected true or false.",
        ),
        (
            f"users: [{{username: a, password_hash: {HASH}, roles: [viewer]}}]",
            "users.yaml: users: expected at least one active user with the role admin.",
        ),
        (
            f"users: [{{username: a, password_hash: {HASH}, roles: [admin]}}, "
            f"{{username: A, password_hash: {HASH}, roles: [admin]}}]",
            "users.yaml: users[1].username: expected a name that no other user has.",
        ),
        ("x" * 1_000_001, "users.yaml: larger than 1,000,000 bytes."),
    ],
)
def test_a_broken_file_changes_nothing_and_is_named(
    file: Path, names: Names, text: str, message: str
) -> None:
    file.write_text(text)
    start()
    assert names() == ["admin", "otto", "vera"]
    assert file.read_text() == text
    assert users_file.problem().startswith(message)
    assert users_file.problem().endswith("The users of the database serve until it is corrected.")


def test_a_file_edited_while_the_device_runs_is_kept_beside(file: Path, by: Actor) -> None:
    edited = edit(file, lambda document: document["users"][2].update(roles=["operator"]))
    assert users_file.problem() == (
        "users.yaml was edited: it is read at the next start of the device."
    )
    users.update(Change("otto", active=False), by=by)
    assert file.with_name("users.yaml.set-aside").read_bytes() == edited
    assert users_file.problem() == ""
    assert yaml.safe_load(file.read_bytes())["users"][2]["roles"] == ["viewer"]


def test_two_programs_change_users_one_after_the_other(
    file: Path, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users_file, "LOCK_TIMEOUT_S", 0.0)
    with users_file.lock(), pytest.raises(DeviceError) as refused:
        users.update(Change("vera", active=False), by=by)
    assert refused.value.text == "Another program is changing the users: try again."
    users.update(Change("vera", active=False), by=by)
    assert users.list_users()[2].active is False


def test_the_sealed_password_outlives_an_unrelated_edit(file: Path) -> None:
    edit(file, lambda document: document["users"][0].update(must_change_password=True))
    start()
    assert [person.waiting_for_password for person in users.list_users()] == [False] * 3
