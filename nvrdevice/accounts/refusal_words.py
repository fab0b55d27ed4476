"""Why a sign-in was refused and what cures it, in words for the person in front of the NVR."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nvrdevice.accounts.refusals import Reason

PROTOCOLS = {"soap": "ONVIF", "rtsp": "RTSP", "web": "Pages", "rest": "REST"}
_SECONDS = re.compile(r"([+-])(\d+) s")


@dataclass(frozen=True)
class Words:
    why: str
    cure: str


_WORDS: dict[Reason, Words] = {
    Reason.UNKNOWN_USER: Words(
        "There is no user of this name.",
        "Correct the user name in the client, or add the user under Users.",
    ),
    Reason.WRONG_PASSWORD: Words(
        "The password is wrong.",
        "Type it again in the client, or set a new one under Users and use that.",
    ),
    Reason.SWITCHED_OFF: Words(
        "The account is switched off.", "Switch it on under Users, or use another one."
    ),
    Reason.NO_ONVIF_ACCESS: Words(
        "This account is for the pages only.", "Allow it ONVIF access under Users."
    ),
    Reason.WAITING_FOR_PASSWORD: Words(
        "The account was imported, and its password is not known to ONVIF yet.",
        "Sign in to these pages with it once.",
    ),
    Reason.REPLAY: Words(
        "It sent a message a second time.",
        "Once in a while this is harmless. Where it goes on, update the client.",
    ),
    Reason.WRONG_URI: Words(
        "Its answer was made for another address than it asked for.",
        "Let it reach this device without a proxy that changes addresses.",
    ),
    Reason.SLOWED_DOWN: Words(
        "It tried again too soon after wrong passwords.",
        "Correct the password in the client. It gets in again within half a minute.",
    ),
    Reason.PLAIN_TEXT: Words(
        "It sent a readable password over plain HTTP.",
        "Choose Digest in the client, or accept readable passwords on the Security page.",
    ),
    Reason.TOKEN_OFF: Words(
        "It signed in by WS-UsernameToken, which is switched off.",
        "Choose HTTP Digest in the client, or accept WS-UsernameToken on the Security page.",
    ),
    Reason.SETUP_REQUIRED: Words(
        "The first password was not changed yet.", "Sign in here and choose your own."
    ),
    Reason.FOREIGN_NETWORK: Words(
        "It used the first password from another network.",
        "Sign in from this network and choose your own password.",
    ),
}


def words(reason: str, note: str) -> Words:
    """Of a noted refusal; reason is the name of a Reason, note says more about this one."""
    special = _SPECIAL.get(reason)
    if special is not None:
        return special(note)
    known = Reason.__members__.get(reason)
    return _WORDS.get(known, Words(f"{note}.", "")) if known else Words(f"{note}.", "")


def _clock_off(note: str) -> Words:
    found = _SECONDS.search(note)
    apart = f"{found[2]} s {'ahead' if found[1] == '+' else 'behind'}" if found else "wrong"
    return Words(
        f"Its clock is {apart}, so its password cannot be checked.",
        "Let the client and this device use the same time server.",
    )


def _malformed(note: str) -> Words:
    return Words(
        f"Its sign-in is not complete: {note}.",
        "Update the client, or choose Digest as its way to sign in.",
    )


_SPECIAL: dict[str, Callable[[str], Words]] = {
    Reason.CLOCK_OFF.name: _clock_off,
    Reason.MALFORMED.name: _malformed,
}
