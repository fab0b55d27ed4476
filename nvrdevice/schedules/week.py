"""A week of windows in local time, and dates that are different. Pure: time and zone come in.

The clock on the wall decides: a window holds while that clock shows a time within it. So in the
night of the change to winter time a window within the repeated hour holds twice, and what lies
in the hour left out in spring does not come about. Windows do not cross midnight: one that does
is written as two.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType

MIDNIGHT = 24 * 60
HORIZON_DAYS = 15  # a window in the hour that spring leaves out comes a week later
END_OF_TIME = date.max.toordinal() - 1  # a day behind, in any zone, there must be
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, order=True)
class Period:
    """Minutes of a local day: from start on, up to and without end."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{clock_words(self.start)}\N{EN DASH}{clock_words(self.end)}"


Periods = tuple[Period, ...]
NEVER: tuple[Periods, ...] = ((),) * 7
WHOLE_DAY: Periods = (Period(0, MIDNIGHT),)
ALWAYS: tuple[Periods, ...] = (WHOLE_DAY,) * 7


@dataclass(frozen=True)
class Week:
    """days: Monday first, the periods of each in order and apart; exceptions replace a day's."""

    days: tuple[Periods, ...] = NEVER
    exceptions: Mapping[date, Periods] = field(default_factory=lambda: MappingProxyType({}))

    def periods_on(self, day: date) -> Periods:
        return self.exceptions.get(day, self.days[day.weekday()])

    def active_at(self, moment: datetime, zone: tzinfo) -> bool:
        local = moment.astimezone(zone)
        minute = local.hour * 60 + local.minute
        return any(one.start <= minute < one.end for one in self.periods_on(local.date()))

    def next_change(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """When it next begins or ends, in UTC; None where it stays as it is."""
        now = self.active_at(moment, zone)
        for edge in self._edges(moment, zone):
            if self.active_at(edge, zone) != now:
                return edge
        return None

    def minutes(self) -> int:
        """How long it holds in a week without exceptions."""
        return sum(one.end - one.start for day in self.days for one in day)

    def _edges(self, moment: datetime, zone: tzinfo) -> Iterator[datetime]:
        """Each moment after this one at which something may change, in order."""
        for day in self._telling_days(moment.astimezone(zone).date()):
            found = set(_shifts(day, zone))
            for minute in (0, *(each for one in self.periods_on(day) for each in _ends(one))):
                found |= set(_instants(day, minute, zone))
            yield from (each for each in sorted(found) if each > moment)

    def _telling_days(self, first: date) -> Iterator[date]:
        """The days from the first and from each date on: what does not change in these does not
        change between them. A date may be thousands of years away, or the last there is."""
        begins = (first, *(day for day in self.exceptions if day > first))
        numbers = {one.toordinal() + more for one in begins for more in range(HORIZON_DAYS + 1)}
        return (date.fromordinal(each) for each in sorted(numbers) if each < END_OF_TIME)


def clock_words(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def joined(periods: Periods) -> Periods:
    """In order, what touches or overlaps made one."""
    done: list[Period] = []
    for one in sorted(periods):
        if done and one.start <= done[-1].end:
            done[-1] = Period(done[-1].start, max(done[-1].end, one.end))
        else:
            done.append(one)
    return tuple(done)


def _ends(one: Period) -> tuple[int, int]:
    return one.start, one.end


def _instants(day: date, minute: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """Both moments at which the wall clock shows this; mostly they are one."""
    if minute == MIDNIGHT:
        day, minute = day + DAY, 0
    local = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _shifts(day: date, zone: tzinfo) -> Iterator[datetime]:
    """The moment of this day at which the wall clock jumps, where there is one."""
    low, high = _instants(day, 0, zone)[0], _instants(day, MIDNIGHT, zone)[1]
    before = low.astimezone(zone).utcoffset()
    if before == high.astimezone(zone).utcoffset():
        return
    while high - low > SECOND:
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    yield high
