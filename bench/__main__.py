"""./nvr bench [NAME …]: all measurements, or the named ones."""

import importlib
import sys

from bench.figures import HEADER

NAMES = (
    "start",
    "soap",
    "waiting",
    "publish",
    "inputs",
    "stream",
    "clients",
    "footprint",
    "discovery",
    "picture",
    "history",
    "recording",
    "kills",
)


def main() -> int:
    wanted = sys.argv[1:] or list(NAMES)
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"nvr bench: no measurement {unknown[0]!r}; there are {', '.join(NAMES)}.")
        return 2
    print(HEADER)
    for name in wanted:
        for figure in importlib.import_module(f"bench.{name}").measure():
            print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
