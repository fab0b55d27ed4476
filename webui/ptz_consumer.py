"""The socket of a PTZ pad: /ws/ptz/<source>/, for operators and above.

The page says {"move": {"pan": …, "tilt": …, "zoom": …}} about twice a second while a button is
held, and {"stop": true} when it is let go. Each move ends by itself within a second, and at once
when the socket drops.
"""

import json
import secrets
from typing import Any

from nvrdevice.accounts.levels import Level
from nvrdevice.lib import asking
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import settings
from nvrdevice.ptz import control
from nvrdevice.ptz.backends.backend import CONTINUOUS
from nvrdevice.ptz.control import HEADS
from nvrdevice.ptz.spaces import AXES, Vector
from webui.consumers import PageSocket

HELD_S = 1.0  # a move that is not renewed is over by then
SAID_BYTES = 200


class PtzConsumer(PageSocket):
    def prepare(self) -> bool:
        self._source = str(self.scope["url_route"]["kwargs"]["source"])
        self._mover = secrets.token_hex(8)
        self._moved = False
        known = {one.token for one in settings.read().sources}
        return self._least >= Level.OPERATOR and self._source in known

    async def receive(self, text_data: Any = None, bytes_data: Any = None) -> None:
        said = _said(text_data)
        if said is None:
            return
        try:
            if "move" in said:
                vector = _vector(said["move"])
                asked = control.moving(self._source, vector, CONTINUOUS, HELD_S, self._mover)
                self._moved = True
                found = await asking.ask_async(HEADS, "move", asked)
            else:
                found = await asking.ask_async(HEADS, "stop", {"source": self._source})
                self._moved = False
        except DeviceError as error:
            await self.send(json.dumps({"error": error.text}))
        else:
            await self.send(json.dumps({"moving": found.values["moving"]}))

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        if getattr(self, "_moved", False):
            try:
                gone = {"source": self._source, "mover": self._mover}
                await asking.ask_async(HEADS, "stop", gone)
            except DeviceError:
                pass  # then it ends by its time


def _said(text: Any) -> dict[str, Any] | None:
    if not text or len(text) > SAID_BYTES:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.keys() & {"move", "stop"} else None


def _vector(told: Any) -> Vector:
    """What is missing or no number is 0; what is out of bounds is refused further on."""
    numbers = told if isinstance(told, dict) else {}
    return Vector(
        *(
            float(value) if isinstance(value, int | float) else 0.0
            for value in (numbers.get(axis, 0.0) for axis in AXES)
        )
    )
