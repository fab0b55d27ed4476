"""./nvr manage users: list, create, update, pardon and delete the users of this device.

Works beside a running device; a change counts there from the next request on.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from nvrdevice.accounts import pardon, policy, users
from nvrdevice.accounts.levels import ROLES
from nvrdevice.lib.clock import iso_utc
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.management import database, passwords
from nvrdevice.management.actor import actor


class Command(BaseCommand):
    help = "List, create, update, pardon and delete the users of this device."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(
            dest="what", required=True, metavar="list|create|update|pardon|delete"
        )
        listing = what.add_parser("list", help="who may use this device")
        create = what.add_parser("create", help="a new user")
        create.add_argument("username")
        create.add_argument(
            "password", nargs="?", default=passwords.ASK, help="asked for where not given"
        )
        update = what.add_parser("update", help="change password, roles or ONVIF access")
        update.add_argument("username")
        update.add_argument(
            "--password", nargs="?", const=passwords.ASK, help="asked for where no value is given"
        )
        forgive = what.add_parser("pardon", help="no more waiting after wrong passwords")
        forgive.add_argument("username")
        delete = what.add_parser("delete", help="remove a user")
        delete.add_argument("username")
        update.add_argument("--active", choices=("yes", "no"))
        for change in (create, update):
            change.add_argument("--roles", nargs="+", metavar="ROLE", help=", ".join(ROLES))
            change.add_argument("--onvif", choices=("yes", "no"), help="may it use ONVIF?")
        for command in (listing, create, update, forgive, delete):
            command.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if not database.is_made():
                raise DeviceError(
                    Kind.UNAVAILABLE,
                    "There are no users yet: start the device once with ./nvr run.",
                )
            getattr(self, "_" + options["what"])(options)
        except DeviceError as error:
            if options["json"]:
                told = {"kind": error.kind.value, "text": error.text, "field": error.field}
                self.stdout.write(json.dumps({"error": told}))
            raise

    def _list(self, options: dict[str, Any]) -> None:
        people = users.list_users()
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(person) for person in people], indent=2))
            return
        rows = [("NAME", "ROLES", "ONVIF", "STATE")]
        rows += [
            (person.username, " ".join(person.roles), _onvif(person), _state(person))
            for person in people
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)]
            self.stdout.write("  ".join([*cells, row[3]]).rstrip())

    def _create(self, options: dict[str, Any]) -> None:
        new = users.NewUser(
            options["username"],
            passwords.chosen(options["password"]),
            tuple(options["roles"] or ROLES[:1]),
            onvif_access=options["onvif"] != "no",
        )
        users.create(new, by=actor())
        self._done(options, f"{options['username']} was created.")

    def _update(self, options: dict[str, Any]) -> None:
        given = options["password"]
        if given is None and not any(options[name] for name in ("roles", "onvif", "active")):
            raise DeviceError(
                Kind.INVALID, "Say what to change: --password, --roles, --onvif or --active."
            )
        change = users.Change(
            options["username"],
            password=None if given is None else passwords.chosen(given),
            roles=tuple(options["roles"]) if options["roles"] else None,
            onvif_access=_yes(options["onvif"]),
            active=_yes(options["active"]),
        )
        users.update(change, by=actor())
        self._done(options, f"{options['username']} was changed.")

    def _pardon(self, options: dict[str, Any]) -> None:
        pardon.pardon(policy.username(options["username"]), by=actor())
        self._done(options, f"{options['username']} may try again at once.")

    def _delete(self, options: dict[str, Any]) -> None:
        users.delete(options["username"], by=actor())
        self._done(options, f"{options['username']} was deleted.")

    def _done(self, options: dict[str, Any], text: str) -> None:
        if options["json"]:
            name = policy.username(options["username"])
            found = [person for person in users.list_users() if person.username == name]
            told = _as_json(found[0]) if found else {"username": name, "deleted": True}
            self.stdout.write(json.dumps(told, indent=2))
        else:
            self.stdout.write(text)


def _yes(answer: str | None) -> bool | None:
    return None if answer is None else answer == "yes"


def _onvif(person: users.Person) -> str:
    if not person.onvif_access:
        return "no"
    return "after next sign-in" if person.waiting_for_password else "yes"


def _state(person: users.Person) -> str:
    words = []
    if not person.active:
        words.append("switched off")
    if person.must_change_password:
        words.append("must change the password")
    if person.failed_logins:
        words.append(f"{person.failed_logins} failed logins")
    return ", ".join(words)


def _as_json(person: users.Person) -> dict[str, Any]:
    return {
        "username": person.username,
        "roles": list(person.roles),
        "active": person.active,
        "onvif_access": person.onvif_access,
        "waiting_for_password": person.waiting_for_password,
        "must_change_password": person.must_change_password,
        "failed_logins": person.failed_logins,
        "last_login": iso_utc(person.last_login) if person.last_login else None,
    }
