"""The setup, device: what NVRs list it as."""

from django.http import HttpRequest, HttpResponse

from nvrdevice import state
from nvrdevice.discovery import scopes
from nvrdevice.discovery.scopes import Announcement
from nvrdevice.system import identity
from nvrdevice.system.identity import Identity
from webui import wizard
from webui.access import actor
from webui.settings_form import form_for, values

NamingForm = form_for(Announcement, "device_name", "device_location")
ModelForm = form_for(Identity, "model")


@wizard.step("device")
def page(request: HttpRequest) -> HttpResponse:
    told, own = state.read(Announcement), identity.read()
    posted = request.POST if request.method == "POST" else None
    naming = NamingForm(posted, initial=values(told, NamingForm))
    model = ModelForm(posted, initial={"model": own.model})
    if posted is not None and naming.is_valid() and model.is_valid():
        by, name, place = actor(request), *naming.cleaned_data.values()
        saved = (name, place) == (told.device_name, told.device_location) or naming.carry_out(
            lambda: scopes.describe(name=name, location=place, by=by)
        )
        wanted = model.cleaned_data["model"]
        saved = saved and (
            wanted == own.model
            or model.carry_out(
                lambda: identity.change(manufacturer=own.manufacturer, model=wanted, by=by)
            )
        )
        if saved:
            return wizard.onward("device")
    return wizard.show(request, "device", {"naming": naming, "model": model})
