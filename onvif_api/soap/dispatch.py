"""The table of operations: each service file registers its functions here, by body element.

Dispatch is by the QName of the body, not by path or SOAPAction: clients send events to the
device path and get both wrong in other ways. What is not registered does not exist.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.soap.build import Element
from onvif_api.soap.call import Call
from onvif_api.soap.namespaces import name, prefixed

Function = TypeVar("Function", bound=Callable[[Call], Any])

_WSNT_OF = "tev"  # the notification operations are the event service's in Core's access table


@dataclass(frozen=True)
class Operation:
    """waits: touches database or disk, so it runs in the pool and not in the event loop."""

    name: str
    access_name: str
    function: Callable[[Call], Any]
    waits: bool
    is_async: bool


@dataclass(frozen=True)
class Service:
    """What GetServices says of a service; capabilities makes its own Capabilities element."""

    prefix: str
    path: str
    version: tuple[int, int]
    capabilities: Callable[[Call], Element]


_operations: dict[str, Operation] = {}
_services: dict[str, Service] = {}


def operation(name_: str, *, waits: bool = False) -> Callable[[Function], Function]:
    """Register a function as the operation with this body element ("tds:GetHostname")."""

    def register_function(function: Function) -> Function:
        clark = name(name_)
        if clark in _operations:
            raise ValueError(f"{name_} is registered twice")
        is_async = inspect.iscoroutinefunction(function)
        _operations[clark] = Operation(
            name_, _access_name(name_), function, waits and not is_async, is_async
        )
        return function

    return register_function


def _access_name(name_: str) -> str:
    prefix, _, local = name_.partition(":")
    return f"{_WSNT_OF}:{local}" if prefix == "wsnt" else name_


def register(service: Service) -> None:
    if service.prefix in _services:
        raise ValueError(f"the service {service.prefix} is registered twice")
    _services[service.prefix] = service


def services() -> tuple[Service, ...]:
    """Every service there is, the Device service first."""
    return tuple(sorted(_services.values(), key=lambda each: (each.prefix != "tds", each.prefix)))


def operations() -> dict[str, Operation]:
    """By Clark name; for tests and tables."""
    return dict(_operations)


def find(request: Element) -> Operation:
    found = _operations.get(request.tag)
    if found is None:
        raise DeviceError(
            Kind.UNSUPPORTED,
            f"This device has no operation {prefixed(request.tag)[:200]}.",
            subcode="ActionNotSupported",
        )
    return found
