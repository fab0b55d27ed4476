"""Users, for administrators: /users/, /users/{username}, and who is slowed down below /api/v1/."""

from typing import Any, ClassVar

from django.contrib.auth import update_session_auth_hash
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice.accounts import pardon, policy, users
from nvrdevice.accounts.access import AccessClass
from nvrdevice.accounts.levels import ROLES
from nvrdevice.accounts.models import User
from nvrdevice.accounts.users import Change, NewUser, Person
from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.rest import setup_gate
from onvif_api.rest.authentication import account_of, actor
from onvif_api.rest.schema import answers
from onvif_api.rest.serializers import Choice, Flag, Strict, Text
from onvif_api.rest.view import RestView


class Roles(serializers.ListField):
    child = Choice(choices=ROLES)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_empty": False, "max_length": len(ROLES), **options})


class UserCreation(Strict):
    username = Text(allow_blank=False, max_length=policy.USERNAME_MAX)
    password = Text(max_length=policy.PASSWORD_MAX, write_only=True)
    roles = Roles(default=list(ROLES[:1]), help_text="Without it a viewer.")
    onvif_access = Flag(default=True, help_text="May the user sign in over ONVIF and RTSP?")
    must_change_password = Flag(
        default=False, help_text="Is the password for the first sign-in to the pages only?"
    )


class UserChange(Strict):
    """What is left out stays as it is."""

    password = Text(max_length=policy.PASSWORD_MAX, write_only=True, required=False)
    roles = Roles(required=False)
    onvif_access = Flag(required=False)
    active = Flag(required=False, help_text="Off: the user is kept, and not let in.")
    must_change_password = Flag(required=False)


class UserShown(serializers.Serializer[Any]):
    username = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLES))
    active = serializers.BooleanField()
    onvif_access = serializers.BooleanField()
    waiting_for_password = serializers.BooleanField(
        help_text="ONVIF waits for the next sign-in with the password."
    )
    must_change_password = serializers.BooleanField()
    failed_logins = serializers.IntegerField(help_text="Since the last right one.")
    slowed_until = serializers.DateTimeField(allow_null=True)
    last_login = serializers.DateTimeField(allow_null=True, help_text="To the pages.")


class Users(RestView):
    access: ClassVar = {
        "GET": AccessClass.READ_SYSTEM_SECRET,
        "POST": AccessClass.WRITE_SYSTEM,
    }

    @extend_schema(summary="List the users", responses=answers(UserShown(many=True)))
    def get(self, request: Request) -> Response:
        return Response(UserShown(users.list_users(), many=True).data)

    @extend_schema(
        summary="Create a user",
        request=UserCreation,
        responses=answers(UserShown, 201, 400, 409, 415),
    )
    def post(self, request: Request) -> Response:
        body = UserCreation(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = {**body.validated_data, "roles": tuple(body.validated_data["roles"])}
        username = users.create(NewUser(**wanted), by=actor(request))
        return Response(UserShown(_person(username)).data, status=201)


class OneUser(RestView):
    access: ClassVar = {
        "GET": AccessClass.READ_SYSTEM_SECRET,
        "PUT": AccessClass.WRITE_SYSTEM,
        "DELETE": AccessClass.WRITE_SYSTEM,
    }

    @extend_schema(summary="Show a user", responses=answers(UserShown, 200, 404))
    def get(self, request: Request, username: str) -> Response:
        return Response(UserShown(_person(username)).data)

    @extend_schema(
        summary="Change a user's password, roles or access",
        request=UserChange,
        responses=answers(UserShown, 200, 400, 404, 409, 415),
    )
    def put(self, request: Request, username: str) -> Response:
        body = UserChange(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = dict(body.validated_data)
        if not wanted:
            raise DeviceError(
                Kind.INVALID, "Nothing to change: give password, roles, onvif_access or active."
            )
        if "password" not in wanted:
            setup_gate.check_account(account_of(request), own_password=False)
        if "roles" in wanted:
            wanted["roles"] = tuple(wanted["roles"])
        users.update(Change(username, **wanted), by=actor(request))
        _keep_session(request, username)
        return Response(UserShown(_person(username)).data)

    @extend_schema(summary="Remove a user", responses=answers(None, 204, 404, 409))
    def delete(self, request: Request, username: str) -> Response:
        users.delete(username, by=actor(request))
        return Response(status=204)

    def may_change_password(self, method: str) -> bool:
        return method == "PUT"


class SlowDown(RestView):
    access: ClassVar = {"DELETE": AccessClass.WRITE_SYSTEM}

    @extend_schema(
        summary="Lift the slow-down of a user after wrong passwords",
        responses=answers(None, 204, 404),
    )
    def delete(self, request: Request, username: str) -> Response:
        pardon.pardon(username, by=actor(request))
        return Response(status=204)


def _person(username: str) -> Person:
    for person in users.list_users():
        if person.username == username:
            return person
    raise DeviceError(
        Kind.MISSING,
        f"There is no user {username[: policy.USERNAME_MAX]!r}.",
        subcode="InvalidArgVal/UsernameMissing",
        field="username",
    )


def _keep_session(request: Request, username: str) -> None:
    """Who changes the own password in a browser stays signed in there, as on the account page."""
    account = account_of(request)
    if request.auth == "session" and account is not None and account.username == username:
        user = User.objects.get(username=username)
        request._request.user = user  # which holds the account since it was let in
        update_session_auth_hash(request._request, user)
