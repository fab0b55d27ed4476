"""From plain YAML values to a typed section and back, with messages that name the place.

A message reads "user.yaml: digital_inputs[0].name: expected …, found …". Unknown keys are
not an error: they are reported, and the store keeps them in the file.
"""

import contextlib
import dataclasses
import re
import types
import typing
from typing import Any

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.state.fields import Setting, describe

FOUND_LENGTH = 60  # how much of a wrong value a message repeats


def build(cls: type[Any], data: Any, place: str, unknown: list[str] | None = None) -> Any:
    """An instance of the dataclass cls from a mapping; DeviceError(INVALID) names the place.

    Names of keys that cls does not know are appended to `unknown`.
    """
    if not isinstance(data, dict):
        raise _wrong(place, "a mapping of settings", data)
    hints = typing.get_type_hints(cls)
    fields = {field.name: field for field in dataclasses.fields(cls)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in fields:
            if unknown is not None:
                unknown.append(_join(place, str(key)))
            continue
        facts = describe(fields[key])
        values[key] = convert(hints[key], value, facts, _join(place, key), unknown)
    for name, field in fields.items():
        required = (
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        )
        if required and name not in values:
            raise _wrong(_join(place, name), words(hints[name], describe(field)), None)
    try:
        return cls(**values)
    except DeviceError as error:  # a rule across fields, raised by __post_init__
        raise DeviceError(
            error.kind, f"{place}: {error.text}", subcode=error.subcode, field=error.field or place
        ) from None


def convert(
    hint: Any, value: Any, facts: Setting, place: str, unknown: list[str] | None = None
) -> Any:
    """value as the type `hint` wants it, within the bounds of `facts`."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        inner = next(part for part in typing.get_args(hint) if part is not type(None))
        return convert(inner, value, facts, place, unknown)
    if origin in (list, tuple):
        if facts.reads_all is not None:
            value = facts.reads_all(value)
        if not isinstance(value, list | tuple):
            raise _wrong(place, "a list", value)
        if facts.most is not None and len(value) > facts.most:
            raise _wrong(place, f"at most {facts.most} items", f"{len(value)} items")
        inner = typing.get_args(hint)[0]
        return tuple(
            convert(inner, item, facts, f"{place}[{index}]", unknown)
            for index, item in enumerate(value)
        )
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return value if isinstance(value, hint) else build(hint, value, place, unknown)
    return _scalar(hint, value, facts, place)


def plain(instance: Any) -> dict[str, Any]:
    """The section as YAML values, in the order of its declaration."""
    return {
        field.name: plain_value(getattr(instance, field.name))
        for field in dataclasses.fields(instance)
    }


def check(instance: Any, place: str) -> None:
    """Hold an instance made in code against its own declaration."""
    build(type(instance), plain(instance), place)


def plain_value(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain(value)
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    return value


def _scalar(hint: Any, value: Any, facts: Setting, place: str) -> Any:
    if facts.reads is not None:
        value = facts.reads(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):  # then it is no number that anything takes
            value = float(value)
    right_type = isinstance(value, hint) and not (hint is int and isinstance(value, bool))
    if not right_type or not _within(value, facts):
        raise _wrong(place, words(hint, facts), None if facts.secret else value)
    return value


def _within(value: Any, facts: Setting) -> bool:
    if facts.choices and value not in facts.choices:
        return False
    if isinstance(value, str) and not value.isprintable():
        return False
    if facts.pattern and not re.fullmatch(facts.pattern, value):
        return False
    if isinstance(value, bool):
        return True
    size = len(value) if isinstance(value, str) else value
    if isinstance(size, float) and size != size:  # NaN passes every comparison below
        return False
    return (facts.low is None or size >= facts.low) and (facts.high is None or size <= facts.high)


NAMES = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def words(hint: Any, facts: Setting) -> str:
    """What a value of this setting may be, in plain words."""
    if facts.choices:
        return "one of " + ", ".join(str(choice) for choice in facts.choices)
    arguments = [part for part in typing.get_args(hint) if part is not type(None)]
    base = arguments[0] if arguments and typing.get_origin(hint) not in (list, tuple) else hint
    said = NAMES.get(base, "a list" if arguments else "a mapping of settings")
    unit = "characters" if base is str else facts.unit
    if facts.pattern_words:
        said = f"{said} of {facts.pattern_words}"
    if facts.low is not None and facts.high is not None:
        said += f" from {facts.low:.10g} to {facts.high:.10g} {unit}".rstrip()
    elif facts.low is not None:
        said += f" of at least {facts.low:.10g} {unit}".rstrip()
    elif facts.high is not None:
        said += f" of at most {facts.high:.10g} {unit}".rstrip()
    return said


def _wrong(place: str, expected: str, found: Any) -> DeviceError:
    shown = "nothing" if found is None else repr(found)[:FOUND_LENGTH]
    return DeviceError(
        Kind.INVALID, f"{place}: expected {expected}, found {shown}.", field=place.split(": ")[-1]
    )


def _join(place: str, key: str) -> str:
    # "user.yaml" joins its first key with ": ", keys below it with a dot.
    return f"{place}.{key}" if ": " in place or not place.endswith(".yaml") else f"{place}: {key}"
