"""Brings the database up to this program, without a look at Django's executor when it is."""

from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection

from nvrdevice.lib.errors import DeviceError, Kind


def bring_up_to_date() -> bool:
    """Migrate where something is missing; was it? DeviceError where the file cannot be used."""
    try:
        if not missing():
            return False
        call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    except DatabaseError as error:
        name = connection.settings_dict["NAME"]
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The database {name} cannot be used ({error}): free space or allow writing there, "
            "or put back a copy of it.",
        ) from error
    return True


def is_made() -> bool:
    """Whether a first start made the database; asking a missing SQLite file would make it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and "mode=memory" not in name and not Path(name).exists():
        return False
    try:
        return "django_migrations" in connection.introspection.table_names()
    except DatabaseError:
        return True  # it is there, and broken: whoever uses it will say how


def missing() -> set[tuple[str, str]]:
    """Migrations that lie on the disk and were not applied yet."""
    if "django_migrations" not in connection.introspection.table_names():
        return on_disk()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = {(str(app), str(name)) for app, name in cursor.fetchall()}
    return on_disk() - applied


def on_disk() -> set[tuple[str, str]]:
    return {
        (config.label, found.stem)
        for config in apps.get_app_configs()
        for found in (Path(config.path) / "migrations").glob("[0-9]*.py")
    }
