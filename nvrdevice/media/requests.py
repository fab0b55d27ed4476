"""Asking the media process for something and waiting for its answer.

Names: "snapshot" (profile) → JPEG bytes, "key_frame" (profile), "reload", "status", "pulse",
"try_source" (uri, sealed_login) → what it is and a JPEG, "cameras" of this machine.
"""

from typing import Any

from nvrdevice.lib import asking
from nvrdevice.lib.asking import ANSWER_S, Asked
from nvrdevice.lib.question_frames import Reply
from nvrdevice.lib.run_sockets import RunSockets

__all__ = ["MEDIA", "Reply", "ask", "ask_async"]

MEDIA = Asked("media.requests", "the media process", "so there is no picture")


def ask(
    name: str, *, timeout_s: float = ANSWER_S, sockets: RunSockets | None = None, **arguments: Any
) -> Reply:
    """As asking.ask: never on an event loop."""
    return asking.ask(MEDIA, name, arguments, timeout_s=timeout_s, sockets=sockets)


async def ask_async(
    name: str, *, timeout_s: float = ANSWER_S, sockets: RunSockets | None = None, **arguments: Any
) -> Reply:
    return await asking.ask_async(MEDIA, name, arguments, timeout_s=timeout_s, sockets=sockets)
