"""Users over ONVIF: each request is done whole or not at all (DEVICE-4-1-3, -5, -8)."""

from nvrdevice.accounts import policy, users
from nvrdevice.accounts.users import Change, NewUser
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation

MAX_USERS = users.USERS_MAX


@operation("tds:GetUsers", waits=True)
def get_users(call: Call) -> Element:
    return el(
        "tds:GetUsersResponse",
        [
            el(
                "tds:User",
                el("tt:Username", person.username),
                el("tt:UserLevel", person.level.onvif_name),
            )
            for person in users.list_users()
        ],
    )


@operation("tds:CreateUsers", waits=True)
def create_users(call: Call) -> Element:
    users.create_many(
        [NewUser(name, password, roles) for name, password, roles in _asked(call)], by=call.actor
    )
    return el("tds:CreateUsersResponse")


@operation("tds:SetUser", waits=True)
def set_user(call: Call) -> Element:
    users.update_many(
        [Change(name, password=password, roles=roles) for name, password, roles in _asked(call)],
        by=call.actor,
    )
    return el("tds:SetUserResponse")


@operation("tds:DeleteUsers", waits=True)
def delete_users(call: Call) -> Element:
    read.child(call.request, "tds:Username")  # at least one, says the schema
    users.delete_many(read.texts(call.request, "tds:Username"), by=call.actor)
    return el("tds:DeleteUsersResponse")


def _asked(call: Call) -> list[tuple[str, str, tuple[str, ...]]]:
    """Name, password and roles of each user; an omitted password is an empty one (Core 8.4.6)."""
    read.child(call.request, "tds:User")
    return [
        (
            read.text(user, "tt:Username"),
            read.text(user, "tt:Password", ""),
            policy.roles_of(read.token(user, "tt:UserLevel")),
        )
        for user in read.children(call.request, "tds:User")
    ]
