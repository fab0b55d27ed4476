"""GET /api/docs/: the description as a page for people, made on the device and without a script.

The one page of this package: it says in the product's look what the schema says to programs.
"""

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nvrdevice.accounts import book
from nvrdevice.accounts.levels import Level
from onvif_api.rest.addresses import base_url
from onvif_api.rest.schema import ROLE, schema

TITLES = {
    "users": "Users",
    "device": "Device",
    "media": "Media",
    "events": "Events",
    "recording": "Recording",
    "ptz": "Pan, tilt and zoom",
}
TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
}
SAMPLES = {"string": "…", "integer": 1, "number": 1.0, "boolean": True}


@dataclass(frozen=True)
class Field:
    name: str
    words: str  # "text, at most 64 characters"
    help: str
    required: bool


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    role: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    example: str
    answer: tuple[Field, ...]
    is_list: bool  # the answer is a list of such
    refusals: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    operations: tuple[Operation, ...]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    account = book.find(request.user.get_username())
    if account is None or account.level < Level.USER:
        raise PermissionDenied("This page is for the role viewer and above.")
    context = {"groups": groups(), "base": base_url(request)[0]}
    return render(request, "pages/api_docs.html", context)


@functools.cache
def groups() -> tuple[Group, ...]:
    found: dict[str, list[Operation]] = {}
    for path, operations in schema()["paths"].items():
        for method, described in operations.items():
            made = _operation(method.upper(), path, described)
            found.setdefault(described["tags"][0], []).append(made)
    order = [*TITLES, *(name for name in found if name not in TITLES)]
    return tuple(
        Group(name, TITLES.get(name, name.replace("_", " ").capitalize()), tuple(found[name]))
        for name in order
        if name in found
    )


def _operation(method: str, path: str, described: dict[str, Any]) -> Operation:
    body = _resolved(_content(described.get("requestBody", {})))
    success = next(key for key in described["responses"] if key < "300")
    answer = _resolved(_content(described["responses"][success]))
    is_list = answer.get("type") == "array"
    return Operation(
        method=method,
        path=path,
        summary=described["summary"],
        role=described[ROLE],
        parameters=tuple(_parameter(each) for each in described.get("parameters", ())),
        body=tuple(_fields(body)),
        example=_example(body),
        answer=tuple(_fields(_resolved(answer["items"]) if is_list else answer)),
        is_list=is_list,
        refusals=tuple(
            (status, each["description"])
            for status, each in sorted(described["responses"].items())
            if status >= "300"
        ),
    )


def _content(part: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = part.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _resolved(found: dict[str, Any]) -> dict[str, Any]:
    """A schema with what it refers to put in its place."""
    for inner in (found, *found.get("allOf", ())):
        if "$ref" in inner:
            name = inner["$ref"].rpartition("/")[2]
            own = {key: value for key, value in found.items() if key not in ("$ref", "allOf")}
            return {**schema()["components"]["schemas"][name], **own}
    return found


def _parameter(each: dict[str, Any]) -> Field:
    facts = _resolved(each["schema"])
    return Field(each["name"], _words(facts), each.get("description", ""), "required" in each)


def _fields(body: dict[str, Any], prefix: str = "") -> Iterator[Field]:
    for name, raw in body.get("properties", {}).items():
        facts = _resolved(raw)
        required = name in body.get("required", ())
        yield Field(prefix + name, _words(facts), facts.get("description", ""), required)
        inner, more = facts, "."
        if facts.get("type") == "array":
            inner, more = _resolved(facts["items"]), "[]."
        yield from _fields(inner, prefix + name + more)


def _words(facts: dict[str, Any]) -> str:
    if "enum" in facts:
        return "one of " + ", ".join(str(each) for each in facts["enum"])
    kind = facts.get("type", "")
    if kind == "array":
        inner = _resolved(facts["items"])
        return "list" + (f", each {_words(inner)}" if inner.get("type") != "object" else "")
    if kind == "object":
        return "group" if facts.get("properties") else "names and values"
    words = "time (ISO 8601)" if facts.get("format") == "date-time" else TYPES.get(kind, kind)
    if facts.get("maxLength"):
        words += f", at most {facts['maxLength']} characters"
    if facts.get("minimum") is not None and facts.get("maximum", 10**12) < 10**12:
        words += f" from {facts['minimum']} to {facts['maximum']}"
    return words + (" or null" if facts.get("nullable") else "")


def _example(body: dict[str, Any]) -> str:
    if not body.get("properties"):
        return ""
    return json.dumps(_sample(body), ensure_ascii=False)


def _sample(facts: dict[str, Any]) -> Any:
    facts = _resolved(facts)
    if "enum" in facts:
        return facts["enum"][0]
    if facts.get("type") == "array":
        return [_sample(facts["items"])]
    if facts.get("type") == "object":
        return {name: _sample(inner) for name, inner in facts.get("properties", {}).items()}
    return facts["default"] if "default" in facts else SAMPLES.get(facts.get("type", ""), "…")
