"""JSON in, JSON out, whatever a client says it accepts."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser


class Json(BaseParser):
    """RFC 8259: always UTF-8, no NaN; nesting without end is an error and no fault of ours.

    What readers understand differently is none: a name twice in one object, or with half a
    character (a lone surrogate) in it.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return json.loads(
                stream.read().decode("utf-8-sig"),
                parse_constant=_no_number,
                object_pairs_hook=_object,
            )
        except RecursionError:
            raise ParseError("it is nested too deeply.") from None
        except ValueError as error:
            raise ParseError(f"{error}.") from None


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name in found if [each for each, _ in pairs].count(name) > 1)
        raise ValueError(f"{twice[:60]!a} is there twice")
    if any(0xD800 <= ord(each) < 0xE000 for name in found for each in name):
        raise ValueError("a name holds half of a character")
    return found


class JsonOnly(BaseContentNegotiation):
    def select_parser(self, request: Any, parsers: Any) -> Any:
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((each for each in parsers if each.media_type == kind), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
