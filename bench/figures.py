"""How a figure is printed: minimum, median and maximum beside the limit it is held against."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    name: str
    unit: str
    values: tuple[float, ...]
    limit: float | None = None
    more_is_better: bool = False

    def line(self) -> str:
        low, middle, high = min(self.values), statistics.median(self.values), max(self.values)
        row = f"{self.name:<44} {low:>9.3g} {middle:>9.3g} {high:>9.3g} {self.unit:<6}"
        if self.limit is None:
            return row
        good = middle >= self.limit if self.more_is_better else middle <= self.limit
        relation = "at least" if self.more_is_better else "at most"
        return f"{row} {relation} {self.limit:g}: {'met' if good else 'MISSED'}"


HEADER = f"{'figure':<44} {'min':>9} {'median':>9} {'max':>9}"
