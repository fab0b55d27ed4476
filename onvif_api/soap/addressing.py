"""WS-Addressing: what a request said of itself, and the headers that answer it.

Clients that send none get none back; both kinds are in use (ZoneMinder sends either).
"""

from dataclasses import dataclass

from onvif_api.soap.build import Element, el
from onvif_api.soap.namespaces import name

ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous"
# Every fault, those of the event service included, uses this one (Core 9, faults).
FAULT_ACTION = "http://www.w3.org/2005/08/addressing/soap/fault"
_LONGEST = 2000  # an echoed id of any length would be work done for a stranger


@dataclass(frozen=True)
class Addressing:
    action: str = ""
    message_id: str = ""
    to: str = ""
    reply_to: str = ""

    @property
    def used(self) -> bool:
        return bool(self.action or self.message_id)


NONE = Addressing()
_FIELDS = {
    name("wsa:Action"): "action",
    name("wsa:MessageID"): "message_id",
    name("wsa:To"): "to",
    name("wsa:ReplyTo"): "reply_to",
}


def read(header: Element | None) -> Addressing:
    if header is None:
        return NONE
    found: dict[str, str] = {}
    for block in header:
        field = _FIELDS.get(block.tag)
        if field == "reply_to":
            found.setdefault(field, _text(block.find(name("wsa:Address"))))
        elif field is not None:
            found.setdefault(field, _text(block))
    return Addressing(**found) if found else NONE


def reply(request: Addressing, action: str = "") -> list[Element]:
    """The headers of the answer; action only where it does not follow from the request's."""
    if not request.used:
        return []
    action = action or response_action(request.action)
    return [
        el("wsa:To", request.reply_to or ANONYMOUS),
        *([el("wsa:Action", action)] if action else []),
        *([el("wsa:RelatesTo", request.message_id)] if request.message_id else []),
    ]


def response_action(request_action: str) -> str:
    if not request_action:
        return ""
    return request_action.removesuffix("Request") + "Response"


def _text(block: Element | None) -> str:
    return "" if block is None else (block.text or "").strip()[:_LONGEST]
