"""The socket of a live picture: /ws/live/<profile>/, for a viewer and above.

Text messages are JSON: "camera" (its state in words), "stream" (what comes), "refusal" and
"silence" (why nothing comes), "pong". Binary ones are MP4: an initialisation segment after each
"stream", then one picture each.
"""

import json
from typing import Any

from nvrdevice.accounts.levels import Level
from nvrdevice.lib.clock import SYSTEM_CLOCK, iso_utc
from nvrdevice.lib.errors import DeviceError
from nvrdevice.media import live, profiles
from nvrdevice.media.live_messages import Message, Opening, Part, Refusal
from webui import overview_parts
from webui.consumers import PageSocket

VIEWERS = 32  # of one process; each may hold some megabytes
FULL = 4429
PING_BYTES = 64

_watching: set[int] = set()


class LiveConsumer(PageSocket):
    def prepare(self) -> bool:
        self._profile = str(self.scope["url_route"]["kwargs"]["profile"])
        self._told: dict[str, Any] = {}
        try:
            encoder = profiles.profile(self._profile).video_encoder
        except DeviceError:
            return False
        self._source = encoder.source if encoder is not None else ""
        return encoder is not None

    def news(self, level: Level) -> dict[str, Any]:
        camera = overview_parts.chosen(overview_parts.cameras(), self._source)
        now = {
            "kind": camera.kind,
            "words": camera.words,
            "since": iso_utc(camera.since) if camera.since else None,
            "reason": camera.reason,
        }
        if now == self._told:
            return {}
        self._told = now
        return {"camera": now}

    async def show(self) -> None:
        if len(_watching) >= VIEWERS:
            self._stop()
            await self.close(FULL)
            return
        _watching.add(id(self))
        try:
            with live.watch(self._profile) as viewer:
                while True:
                    await self._pass_on(await viewer.next())
        finally:
            _watching.discard(id(self))

    async def _pass_on(self, message: Message | live.Silence) -> None:
        # send() waits while the browser takes nothing; the viewer's queue drops meanwhile.
        match message:
            case Opening(codec=codec, width=width, height=height, data=data):
                stream = {"codec": codec, "width": width, "height": height}
                await self.send(json.dumps({"stream": stream}))
                await self.send(bytes_data=data)
            case Part(data=data):
                await self.send(bytes_data=data)
            case Refusal(why=why):
                await self.send(json.dumps({"refusal": why}))
            case _:
                await self.send(json.dumps({"silence": True}))

    async def receive(self, text_data: Any = None, bytes_data: Any = None) -> None:
        """A ping, by which the page learns how its clock differs from ours."""
        if not text_data or len(text_data) > PING_BYTES:
            return
        try:
            ping = json.loads(text_data)["ping"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        if isinstance(ping, int | float):
            now_ms = SYSTEM_CLOCK.now().timestamp() * 1000
            await self.send(json.dumps({"pong": ping, "now_ms": now_ms}))
