"""/health/ for probes: 200 while the device does its work, else 503.

Strangers learn only the one word. The sentences are for who is signed in and for this machine
itself, unless a proxy stands before it, when everybody seems to come from this machine.
"""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from nvrdevice import health
from nvrdevice.accounts.levels import Level
from webui.access import is_this_machine, level_of
from webui.https_only import open_to_this_machine
from webui.quiet import quiet
from webui.setup_gate import open_during_setup


@require_safe
@open_during_setup
@open_to_this_machine
def answer(request: HttpRequest) -> HttpResponse:
    checks = health.recent()
    overall = health.worst(checks)
    body: dict[str, Any] = {"status": overall.word}
    if is_this_machine(request) or _is_signed_in(request):
        body["checks"] = [
            {"name": check.name, "status": check.level.word, "text": check.text, "fix": check.fix}
            for check in checks
        ]
    return quiet(JsonResponse(body, status=503 if overall is health.Level.DANGER else 200))


def _is_signed_in(request: HttpRequest) -> bool:
    try:
        return level_of(request.user) >= Level.USER
    except DatabaseError:  # what is broken must not keep the probe from its answer
        return False
