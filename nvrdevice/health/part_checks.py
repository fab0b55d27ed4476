"""What the device's own parts say: settings, accounts, the media process, the sources."""

from collections.abc import Iterator

from nvrdevice import state
from nvrdevice.accounts import setup
from nvrdevice.health.check import Check, Level
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import facts, requests, settings


def documents() -> Iterator[Check]:
    problems = state.problems()
    for problem in problems:
        yield Check(
            name="documents",
            level=Level.WARN,
            text=problem,
            fix="Correct the file; it is read again at once.",
        )
    if not problems:
        yield Check(name="documents", level=Level.OK, text="The settings files are in order.")


def config_folder() -> Iterator[Check]:
    obstacle = state.obstacle()
    if obstacle:
        yield Check(
            name="config_folder",
            level=Level.DANGER,
            text=f"No setting can be changed. {obstacle}",
            fix="Allow the device to write in its configuration folder, or free room there.",
        )
    else:
        yield Check(
            name="config_folder", level=Level.OK, text="The configuration folder can be written."
        )


def first_password() -> Iterator[Check]:
    if setup.state().bootstrap_password:
        yield Check(
            name="first_password",
            level=Level.WARN,
            text="The password of the first start still stands.",
            fix="Sign in on the device's page and choose your own.",
        )
    else:
        yield Check(name="first_password", level=Level.OK, text="The first password was changed.")


def media_process() -> Iterator[Check]:
    try:
        requests.ask("status")
    except DeviceError as error:
        yield Check(
            name="media_process",
            level=Level.DANGER,
            text=f"The media process does not answer: there are no streams. {error.text}",
            fix="It is started again by itself within seconds; the log says why if it is not.",
        )
    else:
        yield Check(name="media_process", level=Level.OK, text="The media process answers.")


def sources() -> Iterator[Check]:
    found = facts.read()
    for source in settings.read().sources:
        name = source.name or source.token
        known = found.get(source.token)
        if known is not None and known.online and known.uri == source.uri:
            yield Check(name="sources", level=Level.OK, text=f"{name} delivers its picture.")
            continue
        reason = known.reason if known is not None and known.uri == source.uri else ""
        yield Check(
            name="sources",
            level=Level.DANGER,
            text=f"{name} delivers no picture. {reason or 'It was not seen yet.'}",
            fix="Check its power, its cable and its address.",
        )
