"""JSON in, JSON out, whatever a client says it accepts."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser


class Json(BaseParser):
    """RFC 8259: always UTF-8, no NaN; nesting without end is an error and no fault of ours."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return json.loads(stream.read().decode("utf-8-sig"), parse_constant=_no_number)
        except RecursionError:
            raise ParseError("it is nested too deeply.") from None
        except ValueError as error:
            raise ParseError(f"{error}.") from None


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


class JsonOnly(BaseContentNegotiation):
    def select_parser(self, request: Any, parsers: Any) -> Any:
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((each for each in parsers if each.media_type == kind), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
