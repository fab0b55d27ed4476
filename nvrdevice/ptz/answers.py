"""What the media process answers to ptz.control; runs in workers of its own."""

from collections.abc import Mapping
from typing import Any

from nvrdevice.lib.answering import Handler
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import Reply
from nvrdevice.ptz import settings
from nvrdevice.ptz.backends.backend import ABSOLUTE, RELATIVE, cannot
from nvrdevice.ptz.backends.pelco_d import HOME_PRESET, PelcoD
from nvrdevice.ptz.heads import Heads
from nvrdevice.ptz.spaces import Vector


class Answers:
    def __init__(self, heads: Heads) -> None:
        self._heads = heads

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "move": self.move,
            "stop": self.stop,
            "home": self.home,
            "preset": self.preset,
            "keep": self.keep,
            "keep_home": self.keep_home,
            "forget": self.forget,
            "state": self.state,
        }

    def move(self, asked: dict[str, Any]) -> Reply:
        source, mode = str(asked["source"]), str(asked["mode"])
        vector = Vector(float(asked["pan"]), float(asked["tilt"]), float(asked["zoom"]))
        if mode in (ABSOLUTE, RELATIVE):
            if mode not in self._heads.running(source).backend.can:
                raise cannot("go to a position")
            act = self._heads.absolute if mode == ABSOLUTE else self._heads.relative
            act(source, vector)
        else:
            self._heads.continuous(
                source, vector, float(asked["timeout_s"]), str(asked.get("mover", ""))
            )
        self._heads.refuse(source)
        return self.state(asked)

    def stop(self, asked: dict[str, Any]) -> Reply:
        self._heads.halt(str(asked["source"]), str(asked.get("mover", "")))
        return self.state(asked)

    def home(self, asked: dict[str, Any]) -> Reply:
        self._heads.home(str(asked["source"]))
        self._heads.refuse(str(asked["source"]))
        return self.state(asked)

    def preset(self, asked: dict[str, Any]) -> Reply:
        """source, number → on the way there."""
        source, number = str(asked["source"]), int(asked["number"])
        one = self._heads.running(source)
        if one.backend.keeps_presets:
            self._heads.halt(source)
            one.backend.go_preset(number)
        else:
            found = [each for each in settings.head(source).presets if each.number == number]
            if not found:
                raise DeviceError(Kind.MISSING, f"There is no preset {number}.", field="preset")
            self._heads.absolute(source, found[0].position)
        self._heads.refuse(source)
        return self.state(asked)

    def keep(self, asked: dict[str, Any]) -> Reply:
        """source, number → the position to keep, or kept in the head itself."""
        self._heads.running(str(asked["source"])).backend.save_preset(int(asked["number"]))
        self._heads.refuse(str(asked["source"]))
        return self.state(asked)

    def keep_home(self, asked: dict[str, Any]) -> Reply:
        backend = self._heads.running(str(asked["source"])).backend
        if isinstance(backend, PelcoD):
            backend.save_preset(HOME_PRESET)
        return self.state(asked)

    def forget(self, asked: dict[str, Any]) -> Reply:
        self._heads.running(str(asked["source"])).backend.clear_preset(int(asked["number"]))
        self._heads.refuse(str(asked["source"]))
        return self.state(asked)

    def state(self, asked: dict[str, Any]) -> Reply:
        source = str(asked["source"])
        one = self._heads.running(source)
        at, moving = self._heads.position(source)
        return Reply(
            {
                "source": source,
                "backend": one.kind,
                "can": sorted(one.backend.can),
                "most_presets": one.backend.most_presets,
                "position": at.rounded() if at is not None else None,
                "moving": moving,
                "trouble": one.backend.trouble,
                "whole_main": self._heads.leaves_main_whole(source),
            }
        )
