"""What an administrator may decide about accounts: a section of system.yaml."""

from dataclasses import dataclass, replace
from typing import Any

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor

NARROWEST_WINDOW_S = 30


@state.section("system.yaml")
@dataclass(frozen=True, kw_only=True)
class AccountSettings:
    password_min_length: int = state.setting(
        6,
        title="Shortest password",
        help="Passwords set from now on have at least this many characters.",
        unit="characters",
        low=6,
        high=64,
    )
    token_window_s: int = state.setting(
        300,
        title="Clock window",
        help="How far the clock of an NVR may differ from ours before its sign-in is refused.",
        unit="s",
        low=NARROWEST_WINDOW_S,
        high=3600,
    )
    allow_username_token: bool = state.setting(
        default=True,
        title="Accept WS-UsernameToken over ONVIF",
        help="Most NVRs sign in this way. Off: only those that know HTTP Digest get in.",
    )
    allow_password_text: bool = state.setting(
        default=False,
        title="Accept readable ONVIF passwords over plain HTTP",
        help="Some old clients send the password itself; anybody on the network can read it.",
    )


def change(*, by: Actor, **settings: Any) -> AccountSettings:
    """Change the named settings; each counts from the next sign-in or new password on."""
    after: AccountSettings = state.update(
        AccountSettings,
        lambda now: replace(now, **settings),
        trail.noting(by, "set account settings", trail.differences("accounts")),
    )
    return after
