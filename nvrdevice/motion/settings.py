"""media.yaml: how motion is looked for; one section for all sources.

Declared apart from the detector, so that faces read it without loading OpenCV.
"""

from dataclasses import dataclass, replace
from typing import Any

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor, Note


@dataclass(frozen=True, kw_only=True)
class Motion:
    enabled: bool = state.setting(
        True,  # noqa: FBT003
        title="Look for motion",
        help="Off: no detection, and no motion events.",
    )
    sensitivity: int = state.setting(
        50,
        title="Sensitivity",
        help="0 sees only large, clear movement; 100 sees the smallest.",
        low=0,
        high=100,
    )
    hold_s: float = state.setting(
        0.7,
        title="Hold",
        help="How long the picture must be quiet before motion has ended.",
        unit="seconds",
        low=0.2,
        high=60,
    )
    warm_up_s: float = state.setting(
        4.0,
        title="Warm-up",
        help="After the start of a picture nothing counts as motion for this long.",
        unit="seconds",
        low=0.5,
        high=30,
    )


@state.section("media.yaml")
@dataclass(frozen=True, kw_only=True)
class MotionSettings:
    motion: Motion = state.setting(factory=Motion, title="Motion detection")  # noqa: RUF009


def change(*, by: Actor, **settings: Any) -> Motion:
    """Change the named settings; the detector works by them from the next picture on."""

    def apply(now: MotionSettings) -> MotionSettings:
        return replace(now, motion=replace(now.motion, **settings))

    def tell(before: MotionSettings, after: MotionSettings) -> Note | None:
        return trail.differences("motion detection")(before.motion, after.motion)

    noting = trail.noting(by, "set motion detection", tell)
    return state.update(MotionSettings, apply, noting).motion


def read() -> Motion:
    return state.read(MotionSettings).motion
