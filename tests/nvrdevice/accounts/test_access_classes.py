"""Access classes and Core's default policy."""

import csv

import pytest

from nvrdevice.accounts import access
from nvrdevice.accounts.access import AccessClass
from nvrdevice.accounts.levels import Level, level_named, level_of

A, U, O, X = Level.ANONYMOUS, Level.USER, Level.OPERATOR, Level.ADMINISTRATOR  # noqa: E741


@pytest.mark.parametrize(
    ("access_class", "allowed"),
    [
        (AccessClass.PRE_AUTH, [A, U, O, X]),
        (AccessClass.READ_SYSTEM, [U, O, X]),
        (AccessClass.READ_SYSTEM_SENSITIVE, [O, X]),
        (AccessClass.READ_SYSTEM_SECRET, [X]),
        (AccessClass.WRITE_SYSTEM, [X]),
        (AccessClass.WRITE_SYSTEM_SECRET, [X]),
        (AccessClass.UNRECOVERABLE, [X]),
        (AccessClass.READ_MEDIA, [U, O, X]),
        (AccessClass.ACTUATE, [O, X]),
        (None, []),
    ],
)
def test_who_may_what(access_class: AccessClass | None, allowed: list[Level]) -> None:
    assert [level for level in Level if access.may(level, access_class)] == allowed


def test_every_access_class_has_a_lowest_level() -> None:
    assert set(access.LOWEST_LEVEL) == set(AccessClass)


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("tds:GetSystemDateAndTime", AccessClass.PRE_AUTH),
        ("tds:GetDeviceInformation", AccessClass.READ_SYSTEM),
        ("tds:GetUsers", AccessClass.READ_SYSTEM_SECRET),
        ("tds:SetSystemFactoryDefault", AccessClass.UNRECOVERABLE),
        ("trt:CreateProfile", AccessClass.ACTUATE),
        ("tev:PullMessages", AccessClass.READ_MEDIA),
        ("tev:Subscribe", AccessClass.READ_MEDIA),
        ("tev:Notify", None),
        ("tds:NoSuchOperation", None),
        ("GetUsers", None),
    ],
)
def test_the_class_of_an_operation(operation: str, expected: AccessClass | None) -> None:
    assert access.access_class(operation) == expected


def test_a_call_needs_the_lowest_level_of_its_class() -> None:
    for operation, found in access.table().items():
        expected = [level for level in Level if access.may(level, found)]
        assert [level for level in Level if access.may_call(level, operation)] == expected
    assert [level for level in Level if access.may_call(level, "tds:NoSuchOperation")] == []


def test_every_row_without_a_printed_class_says_why() -> None:
    with access.TABLE.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row for row in rows if not row["access_class"] and not row["considered"]] == []
    assert len(rows) == 482
    prefixes = "tan tas tds tev timg tmd tptz tr2 trc trp trt trv tsc tse tup"
    assert " ".join(sorted({row["operation"].split(":")[0] for row in rows})) == prefixes


@pytest.mark.parametrize(
    ("roles", "expected"),
    [((), A), (("viewer",), U), (("operator", "viewer"), O), (("viewer", "admin"), X), (("x",), A)],
)
def test_the_highest_role_counts(roles: tuple[str, ...], expected: Level) -> None:
    assert level_of(roles) == expected


def test_levels_have_the_names_of_onvif() -> None:
    assert [level.onvif_name for level in Level] == [
        "Anonymous",
        "User",
        "Operator",
        "Administrator",
    ]
    assert level_named("Operator") is O
    assert level_named("Extended") is None
    assert [level.role for level in Level] == ["", "viewer", "operator", "admin"]
