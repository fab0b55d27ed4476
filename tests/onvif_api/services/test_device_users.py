"""Users over ONVIF: the steps of the official cases DEVICE-4-1-1 to DEVICE-4-1-9."""

import pytest

from nvrdevice.audit.models import AuditRow
from tests.onvif_api.services.device_client import ask, each, listed_users, users
from tests.onvif_api.soap_client import call

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]

PEOPLE = {"admin": "Administrator", "operator": "Operator", "viewer": "User"}
ONE, TWO = "OnvifTest1", "OnvifTest2"
OPERATOR_ONE = users((ONE, "OnvifTest123", "Operator"))


def test_users_are_told_with_level_and_without_password() -> None:
    assert listed_users() == PEOPLE
    assert ask("GetUsers").all("tds:User/tt:Password") == []


@pytest.mark.parametrize("level", ["Administrator", "Operator", "User"])
def test_a_user_of_each_level_can_be_made_and_can_log_in(level: str) -> None:
    assert ask("CreateUsers", inner=users((ONE, "OnvifTest123", level))).status == 200
    assert listed_users() == PEOPLE | {ONE: level}
    answer = call("<tds:GetDeviceInformation/>", ONE, password="OnvifTest123")
    assert answer.status == 200


def test_a_name_that_is_taken_refuses_the_whole_request() -> None:
    ask("CreateUsers", inner=OPERATOR_ONE)
    for wanted in (
        users((ONE, "OnvifTest123", "User")),
        users(("OnvifTest4", "OnvifTest123", "Operator"), (ONE, "OnvifTest123", "User")),
        users((TWO, "OnvifTest123", "User"), (TWO, "OnvifTest123", "User")),
    ):
        assert ask("CreateUsers", inner=wanted).fault == "Sender/OperationProhibited/UsernameClash"
    assert listed_users() == PEOPLE | {ONE: "Operator"}


def test_deleting() -> None:
    ask("CreateUsers", inner=users((ONE, "OnvifTest123", "User"), (TWO, "OnvifTest123", "User")))
    assert ask("DeleteUsers", inner=each("Username", [ONE, TWO])).status == 200
    assert listed_users() == PEOPLE


def test_an_unknown_name_deletes_nobody() -> None:
    ask("CreateUsers", inner=OPERATOR_ONE)
    answer = ask("DeleteUsers", inner=each("Username", [ONE, TWO]))
    assert answer.fault == "Sender/InvalidArgVal/UsernameMissing"
    assert listed_users() == PEOPLE | {ONE: "Operator"}


def test_the_last_administrator_stays() -> None:
    answer = ask("DeleteUsers", inner=each("Username", ["viewer", "admin"]))
    assert answer.fault == "Sender/InvalidArgVal/FixedUser"
    assert listed_users() == PEOPLE
    answer = ask("SetUser", inner=users(("admin", "Another-word-1", "User")))
    assert answer.fault == "Sender/InvalidArgVal/FixedUser"
    assert listed_users() == PEOPLE


def test_setting_changes_passwords_and_levels() -> None:
    ask(
        "CreateUsers",
        inner=users((ONE, "OnvifTest123", "Operator"), (TWO, "OnvifTest123", "Operator")),
    )
    wanted = users((ONE, "OnvifTest321", "Operator"), (TWO, "OnvifTest321", "User"))
    assert ask("SetUser", inner=wanted).status == 200
    assert listed_users() == PEOPLE | {ONE: "Operator", TWO: "User"}
    old = call("<tds:GetScopes/>", ONE, password="OnvifTest123")
    new = call("<tds:GetScopes/>", ONE, password="OnvifTest321")
    assert (old.status, new.status) == (401, 200)


def test_an_unknown_name_changes_nobody() -> None:
    ask("CreateUsers", inner=OPERATOR_ONE)
    wanted = users((ONE, "OnvifTest123", "User"), ("OnvifTest5", "OnvifTest123", "User"))
    assert ask("SetUser", inner=wanted).fault == "Sender/InvalidArgVal/UsernameMissing"
    assert listed_users() == PEOPLE | {ONE: "Operator"}


@pytest.mark.parametrize(
    ("operation", "user", "fault"),
    [
        ("CreateUsers", (ONE, "", "User"), "OperationProhibited/Password"),
        ("CreateUsers", (ONE, "short", "User"), "OperationProhibited/Password"),
        ("CreateUsers", (ONE, "x" * 65, "User"), "OperationProhibited/PasswordTooLong"),
        ("CreateUsers", ("x" * 65, "OnvifTest123", "User"), "OperationProhibited/UsernameTooLong"),
        ("CreateUsers", ("", "OnvifTest123", "User"), "OperationProhibited/UsernameTooShort"),
        (
            "CreateUsers",
            (ONE, "OnvifTest123", "Anonymous"),
            "OperationProhibited/AnonymousNotAllowed",
        ),
        ("CreateUsers", (ONE, "OnvifTest123", "Extended"), "InvalidArgVal"),
        ("SetUser", ("viewer", "", "User"), "OperationProhibited/PasswordTooWeak"),
        ("SetUser", ("viewer", "x" * 65, "User"), "OperationProhibited/PasswordTooLong"),
        (
            "SetUser",
            ("viewer", "OnvifTest123", "Anonymous"),
            "OperationProhibited/AnonymousNotAllowed",
        ),
    ],
)
def test_refusals(operation: str, user: tuple[str, str, str], fault: str) -> None:
    assert ask(operation, inner=users(user)).fault == f"Sender/{fault}"
    assert listed_users() == PEOPLE


@pytest.mark.parametrize("operation", ["CreateUsers", "SetUser", "DeleteUsers"])
def test_a_request_without_users_is_incomplete(operation: str) -> None:
    assert ask(operation).fault == "Sender/InvalidArgs"


def test_one_audit_row_a_request() -> None:
    before = AuditRow.objects.count()
    ask("CreateUsers", inner=users((ONE, "OnvifTest123", "User"), (TWO, "OnvifTest123", "User")))
    assert AuditRow.objects.count() == before + 1
    assert AuditRow.objects.latest("id").username == "admin"
