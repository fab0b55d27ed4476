"""What the media process measured of each source, kept over restarts.

An NVR that adds the device while the camera is away still gets the true size and rate.
Facts belong to one address: those of a source that was changed since do not count.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from nvrdevice.lib import home
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.media.models import SourceFacts


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Zero and "" mean: not measured yet. `since` is when online last changed."""

    uri: str  # the source's address these were measured at, without login
    width: int = 0
    height: int = 0
    fps: float = 0.0
    codec: str = ""  # of the source itself: "H264", "H265", "raw", ...
    pass_through: bool = False  # the main stream is the source's own
    bitrate_kbps: int = 0  # of a stream passed through
    gop_frames: int = 0
    h264_profile: str = ""  # Baseline, Main or High, of a stream passed through
    online: bool = False
    reason: str = ""  # why not online, one plain sentence
    since: datetime | None = None


def second(source: str) -> str:
    """What the facts of a source's second address are kept under; no token has a slash."""
    return f"{source}/sub"


REASON_LIMIT = 200  # characters, as the column has them
FIELDS = tuple(Facts.__dataclass_fields__)


def read() -> dict[str, Facts]:
    """The facts by source token."""
    return {row["source"]: _facts(row) for row in SourceFacts.objects.values("source", *FIELDS)}


def write(source: str, found: Facts, *, clock: Clock = SYSTEM_CLOCK) -> bool:
    """Keep what was measured; True, and the bell "media", where it differs from before.

    `since` is set here: it moves only when online changes.
    """
    before = read().get(source)
    if before is not None and before.online == found.online and before.uri == found.uri:
        since = before.since
    else:
        since = clock.now()
    values = asdict(found) | {"since": since, "reason": found.reason[:REASON_LIMIT]}
    if before is not None and asdict(before) == values:
        return False
    SourceFacts.objects.update_or_create(source=source, defaults=values)
    home.ring("media")
    return True


def forget_others(sources: set[str]) -> None:
    """Drop the facts of sources that are not configured any more."""
    SourceFacts.objects.exclude(source__in=sources).delete()


def _facts(row: dict[str, object]) -> Facts:
    return Facts(**{name: row[name] for name in FIELDS})  # type: ignore[arg-type]
