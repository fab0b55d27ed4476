"""/motion/: how motion is looked for, with the picture and what is seen in it right now."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts.levels import Level
from nvrdevice.events.models import Event
from nvrdevice.events.pipeline import passes
from nvrdevice.motion import settings, topics
from nvrdevice.motion.settings import Motion
from nvrdevice.motion.thresholds import thresholds
from webui import overview_parts, settings_cards
from webui.access import needs
from webui.settings_cards import Card
from webui.settings_form import form_for, values

BANDS = ((15, "Very low"), (40, "Low"), (60, "Medium"), (85, "High"), (100, "Very high"))


def sensitivity_words(sensitivity: int) -> str:
    """What a sensitivity means: how large a thing must be to count."""
    band = next(words for highest, words in BANDS if sensitivity <= highest)
    share = thresholds(sensitivity).smallest_share * 100
    return f"{band}: from about {share:.2g} % of the picture on"


WIDGETS = {
    "sensitivity": forms.NumberInput(
        {
            "class": "input short",
            "min": 0,
            "max": 100,
            "step": 1,
            "inputmode": "numeric",
            "data-words": "|".join(sensitivity_words(number) for number in range(101)),
        }
    )
}
MotionForm = form_for(Motion, "enabled", "sensitivity", "hold_s", "warm_up_s", widgets=WIDGETS)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.OPERATOR)
def page(request: HttpRequest, source: str = "") -> HttpResponse:
    cameras = overview_parts.cameras()
    if source and source not in {camera.token for camera in cameras}:
        raise Http404(f"There is no camera {source[:64]!r}.")
    camera = overview_parts.chosen(cameras, source)
    now = settings.read()
    card = Card(
        what="motion",
        title="How motion is looked for",
        words="Applies now, to all cameras: watch the picture while you try values.",
        form=MotionForm,
        initial=values(now, MotionForm),
        save=lambda typed, by: settings.change(by=by, **typed),
        done="Saved. The next pictures are looked at this way.",
    )
    newest = Event.objects.order_by("-id").first()
    context = {
        "cameras": cameras,
        "camera": camera,
        "now": now,
        "meaning": sensitivity_words(now.sensitivity),
        "motion": overview_parts.motion(camera.token),
        "held_back": now.enabled and not passes(topics.ALARM.name),
        "last_id": newest.pk if newest is not None else 0,
    }
    return settings_cards.answer(request, "pages/motion.html", (card,), context)
