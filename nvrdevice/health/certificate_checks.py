"""HTTPS: whether it answers, and for how long its certificate is valid."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings

from nvrdevice.health.check import Check, Level
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError
from nvrdevice.system import protocols, tls
from nvrdevice.system.tls import shelf

WARNED_BEFORE = timedelta(days=30)
RENEW = "Renew it, or upload a new one."


def certificate(clock: Clock = SYSTEM_CLOCK) -> Iterator[Check]:
    if tls.mode() == tls.OFF or not shelf.current():
        return
    try:
        until = shelf.facts().until
    except DeviceError as error:
        yield Check(name="certificate", level=Level.DANGER, text=error.text, fix=RENEW)
        return
    left = until - clock.now()
    day = until.date().isoformat()
    if left <= timedelta(0):
        text = f"The certificate of HTTPS expired on {day}: clients refuse it."
        yield Check(name="certificate", level=Level.DANGER, text=text, fix=RENEW)
    elif left < WARNED_BEFORE:
        days = "1 day" if left.days == 1 else f"{left.days} days"
        text = f"The certificate of HTTPS expires in {days}, on {day}."
        yield Check(name="certificate", level=Level.WARN, text=text, fix=RENEW)
    else:
        text = f"The certificate of HTTPS is valid until {day}."
        yield Check(name="certificate", level=Level.OK, text=text)


def https(listens: Callable[[int], object] = protocols.listening) -> Iterator[Check]:
    mode, port = tls.mode(), settings.HTTPS_PORT
    if mode == tls.OFF:
        return
    if listens(port):
        yield Check(name="https", level=Level.OK, text=f"HTTPS answers on port {port}.")
        return
    yield Check(
        name="https",
        level=Level.DANGER if mode == tls.REQUIRED else Level.WARN,
        text=f"HTTPS does not answer on port {port}.",
        fix="Another program may hold the port: stop it, or choose another with HTTPS_PORT. "
        "The log of the web process says why.",
    )
