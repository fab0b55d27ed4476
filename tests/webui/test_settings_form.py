"""Forms of settings: what the declaration says is what the page shows and accepts."""

import dataclasses

import pytest
from django import forms

from nvrdevice import state
from nvrdevice.lib.errors import DeviceError, Kind
from webui.settings_form import SettingsForm, form_for, values


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lamp:
    name: str = state.setting("hall", title="Name", help="What it is called.", low=1, high=8)
    level: int = state.setting(5, title="Level", unit="lx", low=0, high=10)
    fade_s: float = state.setting(0.5, title="Fade", unit="s", low=0, high=9)
    lit: bool = state.setting(default=False, title="Lit")
    mode: str = state.setting("off", title="Mode", choices=("off", "on"))
    tags: tuple[str, ...] = state.setting(factory=tuple, title="Tags", most=2, low=1, high=4)


NAMES = ("name", "level", "fade_s", "lit", "mode", "tags")
Form = form_for(Lamp, *NAMES, words={"mode": {"off": "Switched off"}})
FINE = {"name": "door", "level": "7", "fade_s": "1.5", "mode": "on", "tags": "a\n\n b "}


def filled(**other: str) -> SettingsForm:
    return Form({**FINE, **other})


def test_title_unit_and_help_are_the_label_and_the_help() -> None:
    fields = Form().fields
    assert [field.label for field in fields.values()] == [
        "Name",
        "Level (lx)",
        "Fade (s)",
        "Lit",
        "Mode",
        "Tags",
    ]
    assert fields["name"].help_text == "What it is called."


def test_the_values_have_the_types_of_the_declaration() -> None:
    form = filled(lit="on")
    assert form.is_valid()
    assert Lamp(**form.cleaned_data) == Lamp(
        name="door", level=7, fade_s=1.5, lit=True, mode="on", tags=("a", "b")
    )


def test_a_box_that_is_not_ticked_is_false() -> None:
    form = filled()
    assert form.is_valid()
    assert form.cleaned_data["lit"] is False


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Name: give text from 1 to 8 characters."),
        ("name", "far too long", "Name: give text from 1 to 8 characters."),
        ("level", "11", "Level: give a whole number from 0 to 10 lx."),
        ("level", "bright", "Level: give a whole number from 0 to 10 lx."),
        ("level", "", "Level: give a whole number from 0 to 10 lx."),
        ("fade_s", "nan", "Fade: give a number from 0 to 9 s."),
        ("mode", "dim", "Mode: give one of off, on."),
        ("tags", "a\nb\nc", "Tags: give at most 2, one a line, each text from 1 to 4 characters."),
        ("tags", "longer", "Tags: give at most 2, one a line, each text from 1 to 4 characters."),
    ],
)
def test_what_is_outside_the_bounds_is_refused_in_words(field: str, typed: str, words: str) -> None:
    assert filled(**{field: typed}).errors == {field: [words]}


def test_a_decimal_comma_is_understood() -> None:
    form = filled(fade_s="1,5")
    assert form.is_valid()
    assert form.cleaned_data["fade_s"] == 1.5


def test_the_page_starts_with_what_is_set() -> None:
    form = Form(initial=values(Lamp(tags=("a", "b")), Form))
    assert [form[name].value() for name in NAMES] == ["hall", 5, "0.5", False, "off", "a\nb"]


def test_choices_are_called_what_the_page_calls_them() -> None:
    widget = Form().fields["mode"].widget
    assert isinstance(widget, forms.RadioSelect)
    assert list(widget.choices) == [("off", "Switched off"), ("on", "on")]


def test_a_browser_knows_the_bounds() -> None:
    assert 'min="0" max="10" step="1"' in str(Form()["level"])
    assert 'maxlength="8"' in str(Form()["name"])


@pytest.mark.parametrize(
    ("said", "field"),
    [("tags[1]", "tags"), ("lamp.level", "level"), ("siren", "__all__"), (None, "__all__")],
)
def test_a_refusal_stands_beside_its_field(said: str | None, field: str) -> None:
    form = filled()
    assert form.is_valid()

    def refuse() -> None:
        raise DeviceError(Kind.INVALID, "Not that one.", field=said)

    assert form.carry_out(refuse) is False
    assert form.errors == {field: ["Not that one."]}


def test_a_page_does_not_speak_of_places_in_files() -> None:
    form = filled()
    assert form.is_valid()
    form.tell(DeviceError(Kind.INVALID, "lamps.yaml: tags[1]: expected less.", field="tags[1]"))
    assert form.errors == {"tags": ["expected less."]}


def test_a_change_that_is_made_is_true() -> None:
    form = filled()
    assert form.is_valid()
    assert form.carry_out(lambda: None) is True
