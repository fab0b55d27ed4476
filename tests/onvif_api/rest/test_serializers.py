"""Serializers made from a declaration: its types, bounds and words; nothing else is let through."""

from dataclasses import dataclass
from typing import Any

import pytest

from nvrdevice import state
from onvif_api.rest.serializers import serializer_of


@dataclass(frozen=True, kw_only=True)
class Leg:
    length_mm: int = state.setting(title="Length", low=1, high=900)


@dataclass(frozen=True, kw_only=True)
class Table:
    name: str = state.setting(title="Name", help="As on the label.", low=1, high=8)
    colour: str = state.setting("red", title="Colour", choices=("red", "blue"))
    code: str = state.setting(
        "a1", title="Code", pattern="[a-z][0-9]", pattern_words="a letter and a digit", high=2
    )
    weight_kg: float = state.setting(2.5, title="Weight", low=0, high=50)
    folding: bool = state.setting(default=False, title="Folding")
    note: str | None = state.setting(None, title="Note", high=5)
    legs: tuple[Leg, ...] = state.setting(factory=tuple, title="Legs", most=2)


Body = serializer_of(Table)


def errors(**values: Any) -> dict[str, Any]:
    body = Body(data={"name": "desk", **values})
    body.is_valid()
    return dict(body.errors)


def test_what_is_declared_is_taken_and_given_back() -> None:
    given = {
        "name": "desk",
        "colour": "blue",
        "weight_kg": 3,
        "note": None,
        "legs": [{"length_mm": 7}],
    }
    body = Body(data=given)
    assert body.is_valid(), body.errors
    assert body.validated_data == given


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "far too long"),
        ("name", 5),
        ("name", None),
        ("colour", "green"),
        ("code", "a1\n"),
        ("code", "aa"),
        ("weight_kg", "3"),
        ("weight_kg", True),
        ("weight_kg", 50.1),
        ("folding", 1),
        ("folding", "true"),
        ("note", "longer"),
        ("legs", {}),
        ("legs", [{"length_mm": 1}] * 3),
        ("legs", [{"length_mm": 0}]),
        ("legs", [{"length_mm": 1.5}]),
        ("legs", [{"length_mm": True}]),
        ("legs", [{}]),
        ("legs", [{"length_mm": 1, "width_mm": 1}]),
        ("colur", "red"),
    ],
)
def test_what_is_not_declared_is_refused(field: str, value: object) -> None:
    assert set(errors(**{field: value})) == {field}


def test_what_has_no_default_is_needed() -> None:
    body = Body(data={})
    assert not body.is_valid()
    assert set(body.errors) == {"name"}


def test_the_words_are_those_of_the_declaration() -> None:
    assert Body().fields["name"].help_text == "Name. As on the label."


def test_a_part_leaves_out_what_it_is_told_to() -> None:
    part = serializer_of(Table, without=("name", "legs"))
    assert (part.__name__, set(part().fields) & {"name", "legs"}) == ("TablePart", set())
