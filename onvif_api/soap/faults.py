"""Refusals as SOAP faults: the one place that turns a DeviceError into code, subcodes and HTTP.

Codes and reasons are those of Core's table of generic faults, whose Reason is normative; the
plain sentence of the DeviceError follows it. A SOAP 1.2 Sender fault is HTTP 400, every other
500 (SOAP 1.2 Part 2, table 20); ter:NotAuthorized for want of valid credentials is 401.
"""

from dataclasses import dataclass, field

from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.soap.build import Element, el
from onvif_api.soap.namespaces import ENV_11, ENV_12

# Outer subcode → (fault code, normative reason): Core, "Generic faults".
GENERIC: dict[str, tuple[str, str]] = {
    "WellFormed": ("Sender", "Well-formed Error"),
    "TagMismatch": ("Sender", "Tag Mismatch"),
    "Tag": ("Sender", "No Tag"),
    "Namespace": ("Sender", "Namespace Error"),
    "MissingAttr": ("Sender", "Required Attribute not present"),
    "ProhibAttr": ("Sender", "Prohibited Attribute"),
    "InvalidArgs": ("Sender", "Invalid Args"),
    "InvalidArgVal": ("Sender", "Argument Value Invalid"),
    "UnknownAction": ("Sender", "Unknown Action"),
    "OperationProhibited": ("Sender", "Operation not Permitted"),
    "NotAuthorized": ("Sender", "Sender not Authorized"),
    "CapabilityViolated": ("Sender", "Capability Violated"),
    "ActionNotSupported": ("Receiver", "Optional Action Not Implemented"),
    "Action": ("Receiver", "Action Failed"),
    "OutofMemory": ("Receiver", "Out of Memory"),
    "CriticalError": ("Receiver", "Critical Error"),
}
DEFAULT_SUBCODE: dict[Kind, str] = {
    Kind.INVALID: "InvalidArgVal",
    Kind.MISSING: "InvalidArgVal",
    Kind.CONFLICT: "Action",
    Kind.LIMIT: "Action",
    Kind.UNAUTHENTICATED: "NotAuthorized",
    Kind.FORBIDDEN: "NotAuthorized",
    Kind.UNSUPPORTED: "ActionNotSupported",
    Kind.UNAVAILABLE: "Action",
    Kind.INTERNAL: "Action",
}
ENVELOPE_REASONS = {
    "VersionMismatch": "SOAP version mismatch",
    "MustUnderstand": "SOAP header blocks not understood",
    "DataEncodingUnknown": "Unsupported SOAP data encoding",
}


class Fault(DeviceError):
    """A DeviceError with more to say in SOAP.

    detail: an element for the fault's Detail (the WS-BaseNotification faults live there).
    action: the wsa:Action of the fault message where the service defines one.
    code: a fault code of the envelope itself (MustUnderstand, VersionMismatch …) instead of
        one derived from the subcode.
    headers: what the fault message's Header holds besides WS-Addressing.
    """

    def __init__(
        self,
        kind: Kind,
        text: str,
        *,
        subcode: str = "",
        field: str | None = None,
        detail: Element | None = None,
        action: str | None = None,
        code: str = "",
        headers: tuple[Element, ...] = (),
    ) -> None:
        super().__init__(kind, text, subcode=subcode, field=field)
        self.headers = headers
        self.detail = detail
        self.action = action
        self.code = code


@dataclass(frozen=True)
class Described:
    """A fault, worked out but not yet written."""

    code: str
    subcodes: tuple[str, ...]
    reason: str
    http_status: int
    detail: Element | None = field(default=None, compare=False)
    action: str | None = None

    @property
    def label(self) -> str:
        """For the log: Sender/InvalidArgVal/NoProfile."""
        return "/".join((self.code, *self.subcodes))


def describe(error: DeviceError) -> Described:
    detail = error.detail if isinstance(error, Fault) else None
    action = error.action if isinstance(error, Fault) else None
    code = error.code if isinstance(error, Fault) else ""
    if code in ENVELOPE_REASONS:
        reason = f"{ENVELOPE_REASONS[code]}: {error.text}"
        return Described(code, (), reason, 500, detail, action)
    subcodes = [part.removeprefix("ter:") for part in error.subcode.split("/") if part]
    if subcodes and subcodes[0].removeprefix("env:") in {"Sender", "Receiver"}:
        code = subcodes.pop(0).removeprefix("env:")
    if not subcodes or subcodes[0] not in GENERIC:
        subcodes.insert(0, DEFAULT_SUBCODE[error.kind])
    usual_code, words = GENERIC[subcodes[0]]
    code = code or usual_code
    status = 400 if code == "Sender" else 500
    if error.kind is Kind.UNAUTHENTICATED:
        status = 401
    return Described(code, tuple(subcodes), f"{words}: {error.text}", status, detail, action)


def element(fault: Described, version: str = ENV_12) -> Element:
    """The Fault element of a body, in the SOAP version the client spoke."""
    return _element_11(fault) if version == ENV_11 else _element_12(fault)


def _element_12(fault: Described) -> Element:
    inner: Element | None = None
    for subcode in reversed(fault.subcodes):
        inner = el("env:Subcode", el("env:Value", f"ter:{subcode}"), inner)
    return el(
        "env:Fault",
        el("env:Code", el("env:Value", f"env:{fault.code}"), inner),
        el("env:Reason", el("env:Text", fault.reason, {"xml:lang": "en"})),
        el("env:Detail", fault.detail) if fault.detail is not None else None,
    )


_CODES_11 = {"Sender": "Client", "Receiver": "Server"}


def _element_11(fault: Described) -> Element:
    """SOAP 1.1 has no subcodes: the most exact one is the faultcode, as gSOAP devices do."""
    code = f"ter:{fault.subcodes[-1]}" if fault.subcodes else ""
    return el(
        "env11:Fault",
        el("faultcode", code or f"env11:{_CODES_11.get(fault.code, fault.code)}"),
        el("faultstring", fault.reason),
        el("detail", fault.detail) if fault.detail is not None else None,
    )
