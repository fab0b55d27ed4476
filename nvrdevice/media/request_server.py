"""The media process's side of media.requests."""

from collections.abc import Mapping

from nvrdevice.lib.answering import Answering, Handler
from nvrdevice.lib.run_sockets import RunSockets
from nvrdevice.media.requests import MEDIA

__all__ = ["Handler", "RequestServer"]


class RequestServer(Answering):
    def __init__(self, handlers: Mapping[str, Handler], sockets: RunSockets | None = None) -> None:
        super().__init__(MEDIA, handlers, sockets)
