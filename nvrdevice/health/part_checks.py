"""What the device's own parts say: settings, accounts, the media process, the sources."""

from collections.abc import Iterator

from nvrdevice import state
from nvrdevice.accounts import setup
from nvrdevice.health.check import Check, Level
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import facts, presence, requests, settings
from nvrdevice.recordings import index


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
    if presence.away() is not None:
        yield Check(
            name="media_process",
            level=Level.DANGER,
            text="The media process does not answer: there are no streams and no recording.",
            fix="It is started again by itself within a minute; the log says why if it is not.",
        )
    else:
        yield Check(name="media_process", level=Level.OK, text="The media process answers.")


def rtsps() -> Iterator[Check]:
    try:
        now = requests.ask("status").values.get("rtsps", {})
    except DeviceError:
        return  # media_process says it
    # This sentence carries its remedy after the colon.
    said, _, remedy = now.get("problem", "").rpartition(": ")
    if said:
        goes_on = "" if now.get("open") else " Streams without TLS are served all the same."
        yield Check(
            name="rtsps",
            level=Level.WARN,
            text=f"{said}.{goes_on}",
            fix=remedy[:1].upper() + remedy[1:],
        )
    elif now.get("open"):
        yield Check(name="rtsps", level=Level.OK, text="Streams are served inside TLS too.")


def sources() -> Iterator[Check]:
    found, away = facts.read(), presence.away()
    for source in settings.read().sources:
        name = source.name or source.token
        if away is not None:
            yield Check(
                name="sources",
                level=Level.DANGER,
                text=f"{name} cannot be seen: the media process does not answer.",
                fix="The camera may be well. It is looked at again once that process is back.",
            )
            continue
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


STORAGE_FIXES = {
    "full": "Let recordings take more, or free some room on the disk: see Recording.",
    "read-only": "Allow writing on the recordings' disk; one that fails becomes read-only.",
    "gone": "Connect the disk of the recordings again, or take another for them: see Recording.",
    "broken": "Replace the disk of the recordings.",
    "slow": "Take a faster disk, or record the small stream.",
}


def recordings() -> Iterator[Check]:
    now = index.storage()
    if now.state == "ok":
        yield Check(name="recordings", level=Level.OK, text="Recordings can be written.")
        return
    level = Level.WARN if now.state == "slow" else Level.DANGER
    text = "Pictures are left out." if now.state == "slow" else "Nothing can be recorded."
    yield Check(
        name="recordings",
        level=level,
        text=f"{text} {now.sentence}".strip(),
        fix=STORAGE_FIXES.get(now.state, "See Recording."),
    )
