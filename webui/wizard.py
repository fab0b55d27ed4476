"""The frame of the setup's steps: who may, which is next, and where it goes on another day."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts import setup
from nvrdevice.accounts.levels import Level
from nvrdevice.system import first_setup
from webui.access import View, needs

WORDS = {
    "account": "Account",
    "device": "Device",
    "time": "Time",
    "network": "Network",
    "camera": "Camera",
    "stream": "Stream",
    "connect": "Your NVR",
}


@dataclass(frozen=True)
class Step:
    words: str
    url: str
    number: int
    current: bool
    passed: bool


def step(name: str) -> Callable[[View], View]:
    """A page of the setup, for administrators; skipping is the same on each of them."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST" and request.POST.get("what") == "skip":
                return onward(name)
            return view(request, *args, **kwargs)

        checked: View = require_http_methods(["GET", "HEAD", "POST"])(
            needs(Level.ADMINISTRATOR)(page)
        )
        return checked

    return decorate


def onward(name: str) -> HttpResponse:
    """To the step after this one, which is done."""
    return HttpResponseRedirect(url_of(first_setup.pass_by(name)))


def url_of(name: str) -> str:
    return reverse(f"setup-{name}") if name else reverse("overview")


def show(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"pages/setup_{name}.html", {**frame(name), **context})


def frame(name: str) -> dict[str, Any]:
    place = first_setup.STEPS.index(name)
    reached = first_setup.STEPS[0] if setup.state().bootstrap_password else first_setup.reached()
    far = first_setup.STEPS.index(reached) if reached else len(first_setup.STEPS)
    return {
        "steps": [
            Step(WORDS[each], url_of(each), number + 1, number == place, number < max(place, far))
            for number, each in enumerate(first_setup.STEPS)
        ],
        "step_number": place + 1,
        "step_words": WORDS[name],
        "step_back": url_of(first_setup.STEPS[place - 1]) if place else "",
    }
