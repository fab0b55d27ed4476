"""Message content filters: ONVIF's ItemFilter dialect, a small subset of XPath (Core 9.4.4).

    boolean(//tt:SimpleItem[@Name="State" and @Value="true"]) and not(boolean(…))

Read by a bounded parser into plain lists and evaluated without any XPath engine, so that no
expression of a stranger can cost more than its length.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from nvrdevice.events.namespaces import SCHEMA
from nvrdevice.events.notification import Notification
from nvrdevice.events.refusals import Reason, Refused

ITEM_FILTER = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"

LENGTH_LIMIT = 4096
DEPTH_LIMIT = 20
TOKEN = re.compile(
    r"""\s*(?:(?P<string>"[^"]*"|'[^']*')|(?P<attribute>@[^\W\d]\w*)"""
    r"""|(?P<word>[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?)|(?P<sign>//|[()\[\]=]))"""
)

# ["and", …], ["or", …], ["not", x], ["item", kind, test]; a test is and, or, not or
# ["=", "Name" or "Value", text].
Node = list[Any]


def parse(dialect: str, text: str, namespaces: Mapping[str | None, str]) -> Node:
    if dialect != ITEM_FILTER:
        raise _invalid(text, f"its dialect is not {ITEM_FILTER}")
    if len(text) > LENGTH_LIMIT:
        raise _invalid(text, f"it has more than {LENGTH_LIMIT} characters")
    return _Parser(text, namespaces).parse()


def matches(node: Node, notification: Notification) -> bool:
    operator, *parts = node
    if operator == "and":
        return all(matches(part, notification) for part in parts)
    if operator == "or":
        return any(matches(part, notification) for part in parts)
    if operator == "not":
        return not matches(parts[0], notification)
    kind, test = parts
    if kind != "SimpleItem":  # no message of this device has element items
        return False
    groups = (notification.source, notification.key, notification.data)
    return any(_item_passes(test, name, value) for items in groups for name, value in items.items())


def _item_passes(test: Node, name: str, value: str) -> bool:
    operator, *parts = test
    if operator == "and":
        return all(_item_passes(part, name, value) for part in parts)
    if operator == "or":
        return any(_item_passes(part, name, value) for part in parts)
    if operator == "not":
        return not _item_passes(parts[0], name, value)
    attribute, wanted = parts
    return bool(wanted == (name if attribute == "Name" else value))


class _Parser:
    """One level for each rule of the grammar; "and" binds closer than "or"."""

    def __init__(self, text: str, namespaces: Mapping[str | None, str]) -> None:
        self._text = text
        self._namespaces = namespaces
        self._tokens = self._read_tokens()
        self._at = 0
        self._depth = 0

    def parse(self) -> Node:
        node = self._either(self._expression)
        if self._at < len(self._tokens):
            raise self._wrong("its end")
        return node

    def _expression(self) -> Node:
        if self._takes("("):
            return self._inside(lambda: self._either(self._expression))
        if self._takes("not"):
            self._expect("(")
            return ["not", self._inside(lambda: self._either(self._expression))]
        self._expect("boolean")
        self._expect("(")
        return self._inside(self._item)

    def _item(self) -> Node:
        self._expect("//")
        kind = self._item_kind()
        self._expect("[")
        test = self._either(self._test)
        self._expect("]")
        return ["item", kind, test]

    def _item_kind(self) -> str:
        prefix, _, kind = self._next().rpartition(":")
        if kind not in ("SimpleItem", "ElementItem"):
            raise self._wrong("SimpleItem or ElementItem", back=True)
        if prefix and self._namespaces.get(prefix) != SCHEMA:
            raise _invalid(self._text, f"the prefix {prefix!r} does not stand for {SCHEMA}")
        return kind

    def _test(self) -> Node:
        if self._takes("("):
            return self._inside(lambda: self._either(self._test))
        if self._takes("not"):
            self._expect("(")
            return ["not", self._inside(lambda: self._either(self._test))]
        attribute = self._next()
        if attribute not in ("@Name", "@Value"):
            raise self._wrong("@Name or @Value", back=True)
        self._expect("=")
        value = self._next()
        if value[:1] not in ("'", '"'):
            raise self._wrong("a text in quotes", back=True)
        return ["=", attribute[1:], value[1:-1]]

    def _either(self, operand: Callable[[], Node]) -> Node:
        return self._chain("or", lambda: self._chain("and", operand))

    def _chain(self, word: str, operand: Callable[[], Node]) -> Node:
        parts = [operand()]
        while self._takes(word):
            parts.append(operand())
        return parts[0] if len(parts) == 1 else [word, *parts]

    def _inside(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise _invalid(self._text, f"it has more than {DEPTH_LIMIT} brackets in each other")
        node = read()
        self._expect(")")
        self._depth -= 1
        return node

    def _takes(self, token: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == token
        self._at += found
        return found

    def _expect(self, token: str) -> None:
        if not self._takes(token):
            raise self._wrong(repr(token))

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1] if self._at <= len(self._tokens) else ""

    def _wrong(self, expected: str, *, back: bool = False) -> Refused:
        at = self._at - back
        found = repr(self._tokens[at]) if at < len(self._tokens) else "its end"
        return _invalid(self._text, f"expected {expected}, found {found}")

    def _read_tokens(self) -> list[str]:
        tokens: list[str] = []
        at, text = 0, self._text.rstrip()
        while at < len(text):
            found = TOKEN.match(text, at)
            if found is None:
                raise _invalid(self._text, f"it cannot be read from {text[at : at + 20]!r} on")
            tokens.append(found[0].lstrip())
            at = found.end()
        return tokens


def _invalid(text: str, why: str) -> Refused:
    return Refused(
        Reason.INVALID_CONTENT_EXPRESSION,
        f"The message content filter {text.strip()[:120]!r} cannot be read: {why}.",
    )
