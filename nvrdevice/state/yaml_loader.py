"""YAML as people mean it: 18:00 is a time and 12:34:56:78:9a:bc no number.

YAML 1.1 reads numbers with colons to the base of 60, and what was 18:00 would be written back
as 1080.
"""

import re
from typing import Any

import yaml

INT, FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
# PyYAML's own, without the base of 60.
WHOLE = re.compile(
    r"[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+", re.ASCII
)
BROKEN = re.compile(
    r"[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?"
    r"|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
    re.ASCII,
)


class Loader(yaml.SafeLoader):
    pass


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag not in (INT, FLOAT)]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _resolve(tag: str, pattern: "re.Pattern[str]", first: str) -> None:
    whole: Any = re.compile(rf"(?:{pattern.pattern})\Z", re.ASCII)
    Loader.add_implicit_resolver(tag, whole, list(first))


_resolve(INT, WHOLE, "-+0123456789")
_resolve(FLOAT, BROKEN, "-+0123456789.")
