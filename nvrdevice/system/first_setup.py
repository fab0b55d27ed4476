"""How far the first setup has come: a bookmark, so that it goes on where it was left.

It is no setting of the device, so nothing of it is audited; what the steps save is.
"""

from dataclasses import dataclass, replace

from nvrdevice import state

STEPS = ("account", "device", "time", "network", "camera", "stream", "connect")


@state.section("system.yaml")
@dataclass(frozen=True, kw_only=True)
class FirstSetup:
    setup_step: str = state.setting(
        "",
        title="Step of the setup",
        help="Where the setup in the browser goes on. Empty: it is finished or was left.",
        choices=("", *STEPS),
    )


def reached() -> str:
    """The step to go on with; "" where there is none."""
    return state.read(FirstSetup).setup_step


def go_to(step: str) -> None:
    if step != reached():
        state.update(FirstSetup, lambda now: replace(now, setup_step=step))


def finish() -> None:
    go_to("")


def pass_by(step: str) -> str:
    """This step is done or skipped: the one after it, "" after the last."""
    after = (*STEPS, "")[STEPS.index(step) + 1]
    now = reached()
    if now and STEPS.index(now) <= STEPS.index(step):
        go_to(after)
    return after
