"""PullMessages: answered at once where something is due, else when it comes or time is up.

A waiting pull holds no thread and no database handle (nvrdevice.events.waiting).
"""

import asyncio
import dataclasses
import functools

from nvrdevice.events import pull_points, waiting
from nvrdevice.events.pull_points import Taken
from nvrdevice.events.refusals import Reason, Refused
from nvrdevice.events.waiting import Outcome
from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.services.events import faults
from onvif_api.services.events.addresses import subscription_token
from onvif_api.services.events.messages import notification_message
from onvif_api.services.events.subscriptions import who_asks, who_asks_now
from onvif_api.soap import dispatch, read
from onvif_api.soap.build import Element, duration, el
from onvif_api.soap.call import Call
from onvif_api.soap.faults import Fault

BUSY_RETRY_S = 0.05
BUSY_LIMIT_S = 5.0

_pulled: set[str] = set()  # tokens somebody waits on; used by the event loop alone


@dispatch.operation("tev:PullMessages")
async def pull_messages(call: Call) -> Element:
    with faults.told(call.clock):
        token = subscription_token(call)
        timeout_s = _timeout_s(call)
        limit = _message_limit(call)
        taken = await _pull(call, token, limit, timeout_s)
    producer = f"{call.base_url}/onvif/event_service"
    return el(
        "tev:PullMessagesResponse",
        el("tev:CurrentTime", taken.at),
        el("tev:TerminationTime", taken.terminates_at),
        [notification_message(each, producer) for each in taken.messages],
    )


async def _pull(call: Call, token: str, limit: int, timeout_s: float) -> Taken:
    ends_s = call.clock.monotonic_s() + timeout_s
    taken = await _first_look(call, token, limit, timeout_s)
    if taken.messages or not timeout_s:
        return taken
    if token in _pulled:
        # Core 9.1.3: an error while another request blocks on this subscription.
        raise Refused(
            Reason.PULLED_ALREADY,
            "Another PullMessages waits on this subscription: wait for its answer.",
        )
    _pulled.add(token)
    try:
        reader = waiting.reader()
        while True:
            left_s = ends_s - call.clock.monotonic_s()
            outcome = await reader.look(taken.scanned_to, taken.filter, left_s, token=token)
            if outcome is Outcome.CLOSING:
                return dataclasses.replace(taken, at=call.clock.now())
            taken = await reader.in_turn(functools.partial(_take, call, token, limit, timeout_s))
            if taken.messages or outcome is Outcome.TIMEOUT:
                return taken
    finally:
        _pulled.discard(token)


def _take(call: Call, token: str, limit: int, timeout_s: float) -> Taken:
    return pull_points.take(token, who_asks_now(call), limit, timeout_s, call.clock)


async def _first_look(call: Call, token: str, limit: int, timeout_s: float) -> Taken:
    """Hundreds may come in the same moment: who waits anyway may wait for a thread as well."""
    who = who_asks(call)
    gives_up_s = call.clock.monotonic_s() + min(timeout_s, BUSY_LIMIT_S)
    while True:
        try:
            return await call.in_thread(pull_points.peek, token, who, limit, timeout_s, call.clock)
        except DeviceError as error:
            busy = error.kind is Kind.UNAVAILABLE
            if not busy or call.clock.monotonic_s() >= gives_up_s:
                raise
        await asyncio.sleep(BUSY_RETRY_S)


def _timeout_s(call: Call) -> float:
    timeout_s = read.duration_s(call.request, "tev:Timeout")
    if timeout_s < 0:
        raise DeviceError(
            Kind.INVALID, "Timeout is negative: give a duration such as PT60S.", field="Timeout"
        )
    if timeout_s > pull_points.MAX_TIMEOUT_S:
        most = pull_points.MAX_TIMEOUT_S
        raise Fault(
            Kind.INVALID,
            f"Timeout is longer than {duration(most)}, the most this device waits.",
            code="Receiver",
            detail=el(
                "tev:PullMessagesFaultResponse",
                el("tev:MaxTimeout", duration(most)),
                el("tev:MaxMessageLimit", pull_points.MAX_MESSAGES),
            ),
        )
    return timeout_s


def _message_limit(call: Call) -> int:
    """Clipped, never faulted, where it is more than one answer holds (Core 9.1.3)."""
    asked = read.integer(call.request, "tev:MessageLimit", low=1)
    return min(asked, pull_points.MAX_MESSAGES)
