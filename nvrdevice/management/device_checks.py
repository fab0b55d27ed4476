"""Every check of this device: what a start needs, and the self-test of what runs.

Looking changes nothing. It works before the first start, while the device is stopped, and
beside a running one, whose ports must then answer instead of being free.
"""

import fcntl
import os
import socket
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.core import checks as django_checks

from nvrdevice import health
from nvrdevice.accounts import users_file
from nvrdevice.health import Check, Level, self_test
from nvrdevice.lib.errors import DeviceError
from nvrdevice.management import database, readiness
from nvrdevice.system import tls

CONNECT_S = 2.0
# What only a running device can tell, and what only a database that was made.
OF_RUNNING = frozenset({"media_process", "rtsps", "sources", "config_folder", "https"})
OF_DATABASE = frozenset(
    {"database", "first_password", "recordings", "digital_channels", "rules_that_act"}
)

# Setting and what is served there.
PORTS = (
    ("SERVICE_PORT", "web and ONVIF"),
    ("RTSP_PORT", "RTSP"),
    ("RTSPS_PORT", "RTSPS"),
)
TLS_PORTS = (("HTTPS_PORT", "HTTPS"),)  # only where HTTPS is not switched off
Asked = Callable[[], Iterable[Check]]


def report() -> list[Check]:
    running = is_running()
    made = database.is_made()
    asked: list[Asked] = [machine, packages, folders, program]
    asked.append(lambda: ports(running=running))
    asked.append(discovery_port)
    asked.append(lambda: migrations(made=made))
    if made:
        asked.append(users_document)
    left_out = (frozenset() if running else OF_RUNNING) | (frozenset() if made else OF_DATABASE)
    asked += [check for check in self_test.CHECKS if check.__name__ not in left_out]
    asked.append(lambda: state(running=running))
    return health.report(asked)


def is_running(folder: Path | None = None) -> bool:
    """Whether a device holds the data folder."""
    try:
        with ((folder or settings.NVR_RUN_DIR) / "device.lock").open() as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def state(*, running: bool) -> Iterator[Check]:
    words = (
        "The device is running."
        if running
        else "The device is not running: its streams were not looked at. ./nvr run starts it."
    )
    yield Check(name="device", level=Level.OK, text=words)


def machine() -> Iterator[Check]:
    yield _refusal_or("machine", readiness.check_machine, "This is a 64-bit system.")


def packages() -> Iterator[Check]:
    text = "The Debian packages that pictures and motion need are installed."
    yield _refusal_or("packages", readiness.check_packages, text)


def program() -> Iterator[Check]:
    """What Django finds in the program itself: models, addresses, templates."""
    found = [each for each in django_checks.run_checks() if not each.is_silenced()]
    for message in found:
        yield Check(
            name="program",
            level=Level.DANGER if message.is_serious() else Level.WARN,
            text=f"{message.msg} ({message.id})",
            fix=message.hint or "Install this version of the program again.",
        )
    if not found:
        yield Check(name="program", level=Level.OK, text="The program is whole.")


def folders() -> Iterator[Check]:
    for folder, variable in (
        (settings.NVR_CONFIG_DIR, "NVR_CONFIG_DIR"),
        (settings.NVR_DATA_DIR, "NVR_DATA_DIR"),
        (settings.NVR_LOG_DIR, "NVR_DATA_DIR"),
        (settings.NVR_SECRET_DIR, "NVR_SECRET_DIR"),
    ):
        yield _folder(Path(folder), variable)


def _folder(folder: Path, variable: str) -> Check:
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Check(
            name="folders",
            level=Level.DANGER,
            text=f"The folder {folder} cannot be written by this user.",
            fix=f"Allow writing there, or choose another folder with {variable}.",
        )
    if folder == settings.NVR_SECRET_DIR and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return Check(
            name="folders",
            level=Level.WARN,
            text=f"The folder {folder} holds the keys of this device and is open to other users.",
            fix=f"Run chmod 700 {folder}",
        )
    return Check(name="folders", level=Level.OK, text=f"{folder} can be written.")


def ports(*, running: bool) -> Iterator[Check]:
    for variable, what in PORTS + (TLS_PORTS if tls.mode() != tls.OFF else ()):
        port = getattr(settings, variable)
        if running:
            yield _answers(port, what)
        else:
            yield _refusal_or(
                "ports",
                lambda port=port, variable=variable, what=what: readiness.check_port(  # type: ignore[misc]
                    settings.SERVICE_HOST, port, variable, what
                ),
                f"Port {port} for {what} is free.",
            )


def _answers(port: int, what: str) -> Check:
    host = settings.SERVICE_HOST
    here = "localhost" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    try:
        socket.create_connection((here, port), CONNECT_S).close()
    except OSError as error:
        return Check(
            name="ports",
            level=Level.DANGER,
            text=f"Port {port} for {what} does not answer ({error.strerror or error}).",
            fix=f"The log files in {settings.NVR_LOG_DIR} say why; restart the device.",
        )
    return Check(name="ports", level=Level.OK, text=f"Port {port} for {what} answers.")


def discovery_port() -> Iterator[Check]:
    """Shared by all who speak WS-Discovery; one that holds it alone shuts the others out."""
    port = settings.DISCOVERY_PORT
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError as error:
            yield Check(
                name="discovery_port",
                level=Level.WARN,
                text=f"UDP port {port} cannot be opened ({error.strerror}): "
                "NVRs do not find this device by themselves.",
                fix="Stop the other discovery program, or add the device to the NVR by address.",
            )
            return
    yield Check(name="discovery_port", level=Level.OK, text=f"UDP port {port} can be shared.")


def migrations(*, made: bool) -> Iterator[Check]:
    if not made:
        text = "There is no database yet: the first start makes it."
        yield Check(name="migrations", level=Level.OK, text=text)
    elif missing := database.missing():
        yield Check(
            name="migrations",
            level=Level.WARN,
            text=f"The database is older than this program by {len(missing)} steps.",
            fix="Restart the device: the start brings it up to date.",
        )
    else:
        yield Check(name="migrations", level=Level.OK, text="The database fits this program.")


def users_document() -> Iterator[Check]:
    if problem := users_file.problem():
        yield Check(
            name="users_file",
            level=Level.WARN,
            text=problem,
            fix=f"Correct {users_file.path()} where it is wrong, then restart the device.",
        )
    else:
        yield Check(name="users_file", level=Level.OK, text="users.yaml fits the database.")


def _refusal_or(name: str, look: Callable[[], None], text: str) -> Check:
    try:
        look()
    except DeviceError as error:
        # These sentences carry their remedy after the colon.
        said, _, remedy = error.text.partition(": ")
        fix = remedy[:1].upper() + remedy[1:]
        return Check(name=name, level=Level.DANGER, text=said.rstrip(".") + ".", fix=fix)
    return Check(name=name, level=Level.OK, text=text)
