"""What the journal says of motion, inputs, schedules and triggers: the recorder's only news.

States are those each property is in; rows passed since the last look tell of what came and went
in between. Both are there after a restart, so nothing else needs to be kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from nvrdevice.events.models import Event, PropertyState
from nvrdevice.recordings import topics
from nvrdevice.recordings.deciding import Situation, Trigger

# Of nouns beside and above this one (motion is a stranger here): names are the interface.
MOVING = "tns1:VideoSource/MotionAlarm"
INPUT = "tns1:Device/Trigger/DigitalInput"
SCHEDULE = "tns1:Schedule/State/Active"
WATCHED = (MOVING, INPUT, SCHEDULE, topics.TRIGGER.name)
ROWS_LIMIT = 500


def states() -> Situation:
    rows = PropertyState.objects.filter(topic__in=WATCHED)
    return situation((row.topic, row.source, row.data) for row in rows)


def head() -> int:
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def passed(cursor: int) -> tuple[Situation, int]:
    """What was told behind cursor, and the cursor to go on from."""
    rows = list(
        Event.objects.filter(id__gt=cursor, topic__in=WATCHED)
        .exclude(operation="Deleted")
        .order_by("id")[:ROWS_LIMIT]
    )
    found = situation((row.topic, row.source, row.data) for row in rows)
    return found, rows[-1].pk if len(rows) == ROWS_LIMIT else max(cursor, head())


def situation(rows: Iterable[tuple[str, Mapping[str, str], Mapping[str, str]]]) -> Situation:
    moving: set[str] = set()
    inputs: dict[str, bool] = {}
    schedules: dict[str, bool] = {}
    triggers: dict[str, list[Trigger]] = defaultdict(list)
    for topic, source, data in rows:
        if topic == MOVING and data.get("State") == "true":
            moving.add(source.get("Source", ""))
        elif topic == INPUT:
            name = source.get("InputToken", "")
            inputs[name] = inputs.get(name, False) or data.get("LogicalState") == "true"
        elif topic == SCHEDULE:
            name = source.get("ScheduleToken", "")
            schedules[name] = schedules.get(name, False) or data.get("Active") == "true"
        elif topic == topics.TRIGGER.name and data.get("State") == "true":
            until = datetime.fromisoformat(data["Until"]) if data.get("Until") else None
            triggers[source.get("Source", "")].append(Trigger(source.get("Token", ""), until))
    return Situation(moving=moving, inputs=inputs, schedules=schedules, triggers=triggers)
