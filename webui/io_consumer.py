"""The socket of the digital channels' page: each state as it changes."""

from typing import Any

from django.template.loader import render_to_string

from nvrdevice.accounts.levels import Level
from nvrdevice.digital_io import channels
from webui.consumers import PageSocket


class IoConsumer(PageSocket):
    def prepare(self) -> bool:
        self._shown: dict[str, bool] = {}
        return True

    def news(self, level: Level) -> dict[str, Any]:
        told = channels.told_states()
        changed = {name: now for name, now in told.items() if self._shown.get(name) != now}
        self._shown = told
        if not changed:
            return {}
        return {"states": {name: state(name, on=now) for name, now in changed.items()}}


def state(name: str, *, on: bool, problem: str = "") -> str:
    """What the page shows of a channel's state."""
    is_input = name.startswith("input")
    return render_to_string(
        "partials/io_state.html", {"is_input": is_input, "on": on, "problem": problem}
    )
