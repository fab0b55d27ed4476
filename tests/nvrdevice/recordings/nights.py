"""A schedule as the grid saves it: painted in the browser by one test, recorded by another."""

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# Every day from 22 to 24 and from 0 to 6, over midnight.
WINDOWS: list[dict[str, object]] = [
    {"start": "00:00", "end": "06:00", "days": DAYS},
    {"start": "22:00", "end": "24:00", "days": DAYS},
]


def entries(name: str) -> list[dict[str, object]]:
    """As user.yaml has them."""
    return [{"name": name, **window} for window in WINDOWS]
