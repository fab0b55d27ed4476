"""How a setting is declared: type by annotation; title, help, unit and bounds beside it.

Forms, REST serializers and the configuration reference read the same declaration.
"""

import dataclasses
from collections.abc import Callable
from typing import Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class Setting:
    """The facts about one field; bounds are inclusive, of a number's value or a text's length."""

    title: str
    help: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[Any, ...] = ()
    pattern: str = ""
    pattern_words: str = ""  # what the pattern means, for people: "letters, digits and -"
    secret: bool = False
    most: int | None = None  # how many items a list may have
    # What people also write in a file, made what the declaration wants: of each value, of a list.
    reads: Callable[[Any], Any] | None = None
    reads_all: Callable[[Any], Any] | None = None


def setting(
    default: Any = dataclasses.MISSING,
    *,
    factory: Callable[[], Any] | None = None,
    **facts: Any,
) -> Any:
    """A dataclass field with its facts; `factory` for lists and nested sections."""
    metadata = {"setting": Setting(**facts)}
    if factory is not None:
        return dataclasses.field(default_factory=factory, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def describe(field: dataclasses.Field[Any]) -> Setting:
    """The facts of a dataclass field; its name stands in for a title it was not given."""
    found: Setting | None = field.metadata.get("setting")
    return found or Setting(title=field.name.replace("_", " ").capitalize())
