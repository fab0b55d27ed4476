"""/system/device/: what NVRs are told this device is."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from nvrdevice import state
from nvrdevice.accounts.levels import Level
from nvrdevice.discovery import scopes
from nvrdevice.discovery.scopes import Announcement
from nvrdevice.system import identity
from nvrdevice.system.identity import Identity
from webui import settings_cards
from webui.access import needs
from webui.settings_cards import Card
from webui.settings_form import form_for, values

NamingForm = form_for(Announcement, "device_name", "device_location")
MakingForm = form_for(Identity, "manufacturer", "model")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    own = identity.read()
    cards = (
        Card(
            what="naming",
            title="Name and place",
            words="Applies now: the device announces itself anew, and NVRs that look for devices "
            "see the new name.",
            form=NamingForm,
            initial=values(state.read(Announcement), NamingForm),
            save=lambda typed, by: scopes.describe(
                name=typed["device_name"], location=typed["device_location"], by=by
            ),
            done="Name and place are saved.",
        ),
        Card(
            what="making",
            title="Maker and model",
            words="Applies now. An NVR that knows the device already may show the old words until "
            "it is added again there; some choose their driver by them.",
            form=MakingForm,
            initial=values(own, MakingForm),
            save=lambda typed, by: identity.change(**typed, by=by),
            done="Maker and model are saved.",
        ),
    )
    context = {"own": own, "uuid": identity.device_uuid(), "scopes": scopes.everything()}
    return settings_cards.answer(request, "pages/system_device.html", cards, context)
