"""Changes the user vera again and again, killed (SIGKILL) at one dangerous step further each time.

Run by test_kill.py in a device's folders. Steps are what makes something last: each writing
statement, commit, fsync, rename and unlink, before and after. Each change is a process of its
own, and so is the start of the device after it. Prints, as JSON, what lay there each time.
"""

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from typing import Any

import django
import yaml

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher  # noqa: E402
from django.db import connection  # noqa: E402

from nvrdevice.accounts import bootstrap, users  # noqa: E402
from nvrdevice.audit.trail import Actor  # noqa: E402

BY = Actor("tests", "", "cli")
STEPS_MAX = 200


class Fate:
    """Counts the steps of this process and kills it at the fatal one."""

    def __init__(self, fatal: int) -> None:
        self._left = fatal
        for name in ("fsync", "replace", "unlink"):
            setattr(os, name, self._around(getattr(os, name)))
        connection.ensure_connection()
        connection._commit = self._around(connection._commit)  # type: ignore[attr-defined]
        connection.execute_wrappers.append(self._statement)

    def _pass(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def _around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            self._pass()
            result = real(*args, **options)
            self._pass()
            return result

        return wrapped

    def _statement(self, execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith(("UPDATE", "INSERT", "DELETE")):
            self._pass()
        return execute(sql, *args)


def in_a_process(work: Callable[[], object]) -> int:
    """Do work in a child; how it ended."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def change(fatal: int, role: str) -> None:
    Fate(fatal)
    users.update(users.Change("vera", password=f"password-{fatal}", roles=(role,)), by=BY)


def observe() -> dict[str, Any]:
    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as database:
        (encoded,) = database.execute(
            "SELECT password FROM nvrdevice_user WHERE username = 'vera'"
        ).fetchone()
        roles = database.execute(
            "SELECT g.name FROM nvrdevice_user_groups m JOIN auth_group g ON g.id = m.group_id"
            " JOIN nvrdevice_user u ON u.id = m.user_id WHERE u.username = 'vera'"
        ).fetchall()
        (rows,) = database.execute(
            "SELECT count(*) FROM nvrdevice_auditrow WHERE action = 'change users'"
        ).fetchone()
    folder = settings.NVR_CONFIG_DIR
    vera = yaml.safe_load((folder / "users.yaml").read_bytes())["users"][1]
    return {
        "database": [encoded, [role for (role,) in roles]],
        "file": [vera["password_hash"], vera["roles"]],
        "audit": rows,
        "others": sorted(path.name for path in folder.glob("*users.yaml?*")),
    }


def main() -> None:
    BCryptSHA256PasswordHasher.rounds = 4
    in_a_process(bootstrap.ensure_first_account)
    in_a_process(lambda: users.create(users.NewUser("vera", "vera-secret", ("viewer",)), by=BY))
    seen = []
    for fatal in range(1, STEPS_MAX):
        before = observe()
        role = "operator" if before["database"][1] == ["viewer"] else "viewer"
        ended = in_a_process(lambda: change(fatal, role))  # noqa: B023
        after = observe()
        in_a_process(bootstrap.ensure_first_account)
        started = observe()
        seen.append(
            {"ended": ended, "role": role, "before": before, "after": after, "started": started}
        )
        if ended == 0:
            break
    json.dump(seen, sys.stdout)


main()
