"""user.yaml: the owner's recording triggers, tokens pushed by /recording/jobs."""

from dataclasses import dataclass

from nvrdevice import state


@state.section("user.yaml")
@dataclass(frozen=True, kw_only=True)
class RecordingTriggers:
    recording_triggers: tuple[str, ...] = state.setting(
        factory=tuple, title="Recording triggers", most=1000, low=1, high=200
    )
