"""One request as an operation sees it: who asks, from where, for what."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, ParamSpec, TypeVar

from nvrdevice.accounts.book import Account
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import Clock
from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.soap.addressing import Addressing
from onvif_api.soap.build import Element

P = ParamSpec("P")
T = TypeVar("T")
Runner = Callable[[Callable[[], Any]], Awaitable[Any]]


class Call(NamedTuple):
    request: Element  # the body's element
    header: Element | None
    account: Account | None  # None where the operation needs none
    actor: Actor
    base_url: str  # "http://host:port" as the client wrote it
    host: str  # its host part, IPv6 in brackets
    client_address: str
    path: str
    query: dict[str, str]
    wsa: Addressing
    clock: Clock
    runner: Runner

    @property
    def user(self) -> Account:
        """The account, in an operation that is never open to strangers."""
        if self.account is None:
            raise DeviceError(
                Kind.UNAUTHENTICATED, "This operation needs a user.", subcode="NotAuthorized"
            )
        return self.account

    async def in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """For async operations: run a function that touches database or disk in the pool."""
        result: T = await self.runner(lambda: function(*args, **kwargs))
        return result
