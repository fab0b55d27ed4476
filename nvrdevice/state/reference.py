"""The configuration reference and the example files, derived from the declarations."""

import dataclasses
import types
import typing
from typing import Any

import yaml

from nvrdevice.state import validate
from nvrdevice.state.fields import Setting, describe
from nvrdevice.state.store import sections_of


def example(document: str) -> str:
    """An example file with every default, each top-level key below its own words."""
    lines = [f"# {document} with its defaults. Copy what you want to change to {document}."]
    for cls in sections_of(document):
        values = validate.plain(cls())
        for field in dataclasses.fields(cls):
            facts = describe(field)
            lines += ["", f"# {facts.title}." + (f" {facts.help}" if facts.help else "")]
            one = {field.name: values[field.name]}
            lines.append(yaml.safe_dump(one, sort_keys=False, allow_unicode=True).rstrip())
    return "\n".join(lines) + "\n"


def reference(document: str) -> str:
    """The settings of a document as a Markdown table."""
    lines = [f"## {document}", "", "| setting | what | values | default |", "|---|---|---|---|"]
    for cls in sections_of(document):
        lines += _rows(cls, "", cls())
    return "\n".join(lines) + "\n"


def _rows(cls: type[Any], prefix: str, instance: Any) -> list[str]:
    hints = typing.get_type_hints(cls)
    rows: list[str] = []
    for field in dataclasses.fields(cls):
        facts, name = describe(field), prefix + field.name
        inner = _item_class(hints[field.name])
        value = None if instance is None else validate.plain_value(getattr(instance, field.name))
        shown = "" if inner is not None or value is None else f"`{value}`".replace("``", "empty")
        words = facts.title.removesuffix(".") + (f". {facts.help}" if facts.help else "")
        rows.append(f"| `{name}` | {words} | {_values(hints[field.name], facts)} | {shown} |")
        if inner is not None:
            rows += _rows(inner, _below(name, hints[field.name]), None)
    return rows


def _values(hint: Any, facts: Setting) -> str:
    if typing.get_origin(hint) in (list, tuple):
        return "list" + (f" of at most {facts.most}" if facts.most else "")
    if _item_class(hint) is not None:
        return "group"
    return validate.words(hint, facts).replace("|", "\\|")


def _below(name: str, hint: Any) -> str:
    return f"{name}[]." if typing.get_origin(hint) in (list, tuple) else f"{name}."


def _item_class(hint: Any) -> type[Any] | None:
    """The dataclass a field holds, by itself, in a list or optionally."""
    if typing.get_origin(hint) in (list, tuple, types.UnionType, typing.Union):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    return hint if isinstance(hint, type) and dataclasses.is_dataclass(hint) else None
