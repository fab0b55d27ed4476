"""The setup, network: how the device stands in its network, to read."""

from django.http import HttpRequest, HttpResponse

from webui import wizard
from webui.pages import system_network


@wizard.step("network")
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return wizard.onward("network")
    return wizard.show(request, "network", system_network.facts())
