"""The bodies of REST. Types are meant exactly: 1 is no text, "true" is no truth value.

What a noun declares for its YAML document is not declared again: see serializer_of.
"""

import dataclasses
import functools
import types
import typing
from typing import Any

from rest_framework import serializers

from nvrdevice.state import Setting, describe

NO_OBJECT = "Send a JSON object."


class Text(serializers.CharField):
    """Text, taken as it stands; what it may hold is decided by the function it goes to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": True, **options})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Whole(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Number(serializers.FloatField):
    def to_internal_value(self, data: Any) -> float:
        if not isinstance(data, int | float) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of a few words; what was sent instead is not sent back."""

    def to_internal_value(self, data: Any) -> Any:
        for choice in self.choices:
            if type(data) is type(choice) and data == choice:
                return choice
        words = ", ".join(str(choice) for choice in self.choices)
        raise serializers.ValidationError(f"Choose {words}.")


class Strict(serializers.Serializer[Any]):
    """A body or query in which an unknown field is told of, not passed over."""

    default_error_messages = {"invalid": NO_OBJECT}  # noqa: RUF012 - as declared

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is None and self.parent is None:
            raise serializers.ValidationError({"non_field_errors": [NO_OBJECT]})
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            known = [name for name, field in self.fields.items() if not field.read_only]
            unknown = [str(name)[:60] for name in data if name not in known]
            if unknown:
                text = f"There is no such thing here: give {', '.join(known)}."
                raise serializers.ValidationError({name: [text] for name in unknown[:10]})
        return super().to_internal_value(data)


class Query(Strict):
    """The query of an address; texts are all it has, so the fields turn them into numbers."""


class ErrorDetail(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="One of few: invalid, missing, conflict, limit …")
    code = serializers.CharField(help_text="Exactly what, for programs.")
    text = serializers.CharField(help_text="What was wrong and what would be right, for people.")
    field = serializers.CharField(allow_null=True, help_text="The field or argument concerned.")
    more = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="What else was wrong."
    )


class Error(serializers.Serializer[Any]):
    """Every refusal has this form."""

    error = ErrorDetail()


@functools.cache
def serializer_of(
    section: type[Any], *, without: tuple[str, ...] = ()
) -> type[serializers.Serializer[Any]]:
    """A serializer of a declared section or item, with its titles, help and bounds."""
    hints = typing.get_type_hints(section)
    fields = {
        field.name: _field(hints[field.name], describe(field), field)
        for field in dataclasses.fields(section)
        if field.name not in without
    }
    # The schema knows a body by its name: a part of one is another.
    name = section.__name__ + ("Part" if without else "")
    made: type[serializers.Serializer[Any]] = type(name, (Strict,), fields)
    return made


def _field(
    hint: Any, facts: Setting, declared: "dataclasses.Field[Any]"
) -> "serializers.Field[Any, Any, Any, Any]":
    words = f"{facts.title}. {facts.help}".strip() if facts.help else facts.title
    options: dict[str, Any] = {"help_text": words, "required": _is_required(declared)}
    made: serializers.Field[Any, Any, Any, Any] = _typed(hint, facts, options)
    return made


def _typed(hint: Any, facts: Setting, options: dict[str, Any]) -> Any:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(part for part in typing.get_args(hint) if part is not type(None))
        return _typed(inner, facts, {**options, "allow_null": True})
    if origin in (list, tuple):
        child = _typed(typing.get_args(hint)[0], facts, {})
        return serializers.ListField(child=child, max_length=facts.most, **options)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return serializer_of(hint)(**options)
    return _scalar(hint, facts, options)


def _scalar(hint: Any, facts: Setting, options: dict[str, Any]) -> Any:
    if facts.choices:
        return Choice(choices=facts.choices, **options)
    low, high = (None if bound is None else int(bound) for bound in (facts.low, facts.high))
    if hint is bool:
        return Flag(**options)
    if hint is int:
        return Whole(min_value=low, max_value=high, **options)
    if hint is float:
        return Number(min_value=facts.low, max_value=facts.high, **options)
    if facts.pattern:
        return serializers.RegexField(
            rf"\A(?:{facts.pattern})\Z",
            trim_whitespace=False,
            allow_blank=True,
            max_length=high,
            error_messages={"invalid": f"Give text of {facts.pattern_words}."},
            **options,
        )
    options["allow_blank"] = not low
    return Text(min_length=low, max_length=high, write_only=facts.secret, **options)


def _is_required(declared: "dataclasses.Field[Any]") -> bool:
    return (
        declared.default is dataclasses.MISSING and declared.default_factory is dataclasses.MISSING
    )
