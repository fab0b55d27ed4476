"""What cures a step of the checklist; each face leads to the place where it is done."""

import enum

from nvrdevice.accounts.refusals import Reason


class Remedy(enum.Enum):
    NONE = "none"
    TIME = "time"  # set the clock, choose a time server
    USER = "user"  # look at the user named
    ADD_USER = "add user"
    SECURITY = "security"  # which ways to sign in are allowed
    SETUP = "setup"  # change the first password
    DIAGNOSTICS = "diagnostics"


_OF_REASON = {
    Reason.UNKNOWN_USER: Remedy.ADD_USER,
    Reason.WRONG_PASSWORD: Remedy.USER,
    Reason.SWITCHED_OFF: Remedy.USER,
    Reason.NO_ONVIF_ACCESS: Remedy.USER,
    Reason.WAITING_FOR_PASSWORD: Remedy.USER,
    Reason.SLOWED_DOWN: Remedy.USER,
    Reason.CLOCK_OFF: Remedy.TIME,
    Reason.PLAIN_TEXT: Remedy.SECURITY,
    Reason.TOKEN_OFF: Remedy.SECURITY,
    Reason.SETUP_REQUIRED: Remedy.SETUP,
    Reason.FOREIGN_NETWORK: Remedy.SETUP,
}


def remedy_of(reason: str) -> Remedy:
    """Of a noted refusal; reason is the name of a Reason."""
    known = Reason.__members__.get(reason)
    return _OF_REASON.get(known, Remedy.DIAGNOSTICS) if known is not None else Remedy.DIAGNOSTICS
