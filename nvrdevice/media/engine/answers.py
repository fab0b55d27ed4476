"""What the media process answers to media.requests; runs in the request server's workers."""

from collections.abc import Mapping
from typing import Any, Protocol

from nvrdevice.lib.question_frames import Reply
from nvrdevice.media.engine.channel import Channel
from nvrdevice.media.engine.pipeline import later
from nvrdevice.media.engine.rtsp_clients import RtspClients
from nvrdevice.media.engine.tls_port import TlsPort
from nvrdevice.media.engine.trial_answers import TrialAnswers
from nvrdevice.media.request_server import Handler
from nvrdevice.media.resolved import Profile


class Asked(Protocol):
    """The engine, as far as a request needs it."""

    def profile(self, token: object) -> Profile: ...
    def channel(self, source: str) -> Channel: ...
    def channels(self) -> dict[str, Channel]: ...
    def silent_s(self) -> float: ...
    def reload(self) -> None: ...


class Answers:
    def __init__(self, engine: Asked, clients: RtspClients, tls: TlsPort) -> None:
        self._engine, self._clients, self._tls = engine, clients, tls
        self._trials = TrialAnswers()

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "snapshot": self.snapshot,
            "key_frame": self.key_frame,
            "reload": self.reload,
            "status": self.status,
            "pulse": self.pulse,
            "try_source": self._trials.try_source,
            "cameras": self._trials.cameras,
        }

    def stop(self) -> None:
        """Those who wait for a camera need not any longer."""
        self._trials.stop()

    def snapshot(self, arguments: dict[str, Any]) -> Reply:
        """profile → JPEG at its resolution, of a picture at most about a second old."""
        encoder = self._engine.profile(arguments.get("profile")).video_encoder
        assert encoder is not None
        channel = self._engine.channel(encoder.source)
        return Reply({"type": "image/jpeg"}, channel.snapshot(encoder.width, encoder.height))

    def key_frame(self, arguments: dict[str, Any]) -> Reply:
        """profile → a key frame soon; a stream passed through brings its own."""
        encoder = self._engine.profile(arguments.get("profile")).video_encoder
        assert encoder is not None
        self._engine.channel(encoder.source).ask_key(encoder.token)
        return Reply({"forced": not encoder.pass_through})

    def reload(self, _arguments: dict[str, Any]) -> Reply:
        later(self._engine.reload)
        return Reply({})

    def pulse(self, _arguments: dict[str, Any]) -> Reply:
        """How long ago the main loop came by; this answer comes from another thread."""
        return Reply({"silent_s": self._engine.silent_s()})

    def status(self, _arguments: dict[str, Any]) -> Reply:
        """Per source and stream: running, size, measured rate and kbit/s; clients; RTSPS."""
        return Reply(
            {
                "sources": {
                    token: channel.status() for token, channel in self._engine.channels().items()
                },
                "clients": self._clients.playing(),
                "connections": self._clients.count(),
                "rtsps": {"open": self._tls.is_open, "problem": self._tls.problem},
            }
        )
