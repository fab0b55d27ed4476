"""The setup, last step: the device is ready, and the way into the NVR is shown."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from nvrdevice.accounts import book
from webui import overview_parts, wizard
from webui.access import user_of


@wizard.step("connect")
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        wizard.onward("connect")
        return HttpResponseRedirect(reverse("connect"))
    user = user_of(request)
    account = book.find(user.username)
    context = {
        "cameras": overview_parts.cameras(),
        "onvif": request.build_absolute_uri("/onvif/device_service"),
        "may_sign_in": account is not None and book.password_of(account) is not None,
    }
    return wizard.show(request, "connect", context)
