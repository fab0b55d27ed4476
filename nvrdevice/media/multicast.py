"""Streaming to a multicast group without RTSP: started and stopped by ONVIF, kept over restarts."""

from dataclasses import replace

from nvrdevice import state
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Note
from nvrdevice.media import changes, profiles, settings, transports
from nvrdevice.media.settings import MediaSettings


def start(profile: str, by: trail.Actor) -> None:
    """Stream to the group of the profile until `stop`, over restarts too (Media 5.16.1)."""
    _switch(profile, by, streaming=True)


def stop(profile: str, by: trail.Actor) -> None:
    _switch(profile, by, streaming=False)


def _switch(profile: str, by: trail.Actor, *, streaming: bool) -> None:
    found = profiles.profile(profile)
    transports.check_complete(found)
    assert found.video_encoder is not None
    token = found.video_encoder.token

    def change(now: MediaSettings) -> MediaSettings:
        now = settings.complete(now)
        return replace(
            now,
            video_encoder_configurations=tuple(
                replace(one, multicast_streaming=streaming) if one.token == token else one
                for one in now.video_encoder_configurations
            ),
        )

    before = found.video_encoder.multicast.streaming
    action = "media.start_multicast" if streaming else "media.stop_multicast"
    note = Note(object=profile, before=before, after=streaming)
    with changes.told():
        state.update(MediaSettings, change, trail.noting(by, action, lambda *_: note))
