"""Forms derived from the one declaration of settings (nvrdevice.state): labels, help and bounds.

A page says which settings it shows; what is typed is held against the declaration itself, and a
refusal of the core function that saves it is put beside its field.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.state import Setting, describe, validate

# More choices than these are a list to open instead of buttons to press.
BUTTONS = 4
# Where in which file something is wrong, which a message for people who edit files begins with.
PLACE = re.compile(r"^(?:[\w-]+\.yaml: )?(?:[a-z]\w*(?:\[\d+\])?(?:\.\w+)*: )?")
Words = Mapping[str, Mapping[str, str]]


class SettingField(forms.Field):
    """One setting: typed text becomes a value of its type, within its bounds."""

    def __init__(self, hint: Any, facts: Setting, widget: forms.Widget) -> None:
        self.hint, self.facts = hint, facts
        label = f"{facts.title} ({facts.unit})" if facts.unit else facts.title
        super().__init__(required=False, label=label, help_text=facts.help, widget=widget)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple | list):
            if isinstance(self.widget, forms.CheckboxSelectMultiple):
                return list(value)
            return "\n".join(str(item) for item in value)
        if isinstance(value, float):
            return f"{value:.10g}"
        return value

    def to_python(self, value: Any) -> Any:
        try:
            return validate.convert(self.hint, _typed(self.hint, value), self.facts, "")
        except DeviceError:
            words = validate.words(self.hint, self.facts)
            if _is_list(self.hint):
                inner = typing.get_args(self.hint)[0]
                words = f"one a line, each {validate.words(inner, self.facts)}"
                if self.facts.most is not None:
                    words = f"at most {self.facts.most}, {words}"
            raise forms.ValidationError(f"{self.facts.title}: give {words}.") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial)) != str(data)


class SettingsForm(forms.Form):
    """Made by form_for. cleaned_data has a value of the right type for each setting."""

    def tell(self, error: DeviceError, names: Mapping[str, str] | None = None) -> None:
        """Put a refusal beside its field, or over the form where it names none of these.

        names: what the core function calls a field, where the form calls it otherwise.
        """
        told = re.sub(r"\[\d+\]", "", error.field or "").rpartition(".")[2]
        field = (names or {}).get(told, told)
        self.add_error(field if field in self.fields else None, PLACE.sub("", error.text))

    def carry_out(self, act: Callable[[], object], names: Mapping[str, str] | None = None) -> bool:
        """Call the core function that saves; False where it refused, and the form says so."""
        try:
            act()
        except DeviceError as error:
            if error.kind is Kind.INTERNAL:
                raise
            self.tell(error, names)
            return False
        return True


def form_for(
    section: type[Any],
    *names: str,
    words: Words | None = None,
    widgets: Mapping[str, forms.Widget] | None = None,
    helps: Mapping[str, str] | None = None,
) -> type[SettingsForm]:
    """A form class for these settings of a section, in this order.

    words: what choices are called, by setting and value: {"mode": {"off": "Switched off"}}.
    helps: where a page says it otherwise than the declaration, which people who edit files read.
    """
    hints = typing.get_type_hints(section)
    declared = {field.name: describe(field) for field in dataclasses.fields(section)}
    fields: dict[str, Any] = {}
    for name in names:
        called = (words or {}).get(name, {})
        widget = (widgets or {}).get(name) or _widget(hints[name], declared[name], called)
        fields[name] = SettingField(hints[name], declared[name], widget)
        fields[name].help_text = (helps or {}).get(name, declared[name].help)
    return type("Form", (SettingsForm,), fields)


def values(instance: Any, form: type[SettingsForm]) -> dict[str, Any]:
    """The initial data of a form: what the section says now."""
    return {name: getattr(instance, name) for name in form.base_fields}


def _widget(hint: Any, facts: Setting, called: Mapping[str, str]) -> forms.Widget:
    if facts.choices:
        choices = [(str(one), called.get(str(one), str(one))) for one in facts.choices]
        if len(choices) <= BUTTONS:
            return forms.RadioSelect(choices=choices)
        return forms.Select({"class": "input"}, choices=choices)
    base = _base(hint)
    if base is bool:
        return forms.CheckboxInput()
    attributes: dict[str, Any] = {"class": "input"}
    if _is_list(hint):
        return forms.Textarea(attributes | {"rows": 3, "spellcheck": "false"})
    if base in (int, float):
        attributes |= {"min": facts.low, "max": facts.high}
        attributes |= {"step": 1 if base is int else "any", "inputmode": "decimal"}
        given = {name: value for name, value in attributes.items() if value is not None}
        return forms.NumberInput(given)
    if facts.high is not None:
        attributes["maxlength"] = int(facts.high)
    return forms.PasswordInput(attributes) if facts.secret else forms.TextInput(attributes)


def _typed(hint: Any, value: Any) -> Any:
    """What was typed as a YAML file would have it."""
    base = _base(hint)
    if _is_list(hint):
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]
    if base is bool:
        return bool(value)
    text = str(value if value is not None else "").strip()
    if base in (int, float):
        if not text and _is_optional(hint):
            return None
        try:
            return base(text.replace(",", ".") if base is float else text)
        except ValueError:
            return text  # refused by the declaration, with its own words
    return text


def _base(hint: Any) -> Any:
    if _is_optional(hint):
        return next(part for part in typing.get_args(hint) if part is not type(None))
    return hint


def _is_optional(hint: Any) -> bool:
    return typing.get_origin(hint) in (types.UnionType, typing.Union)


def _is_list(hint: Any) -> bool:
    return typing.get_origin(hint) in (list, tuple)
