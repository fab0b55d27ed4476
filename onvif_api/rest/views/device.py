"""The device: GET /device/information and GET /device/capabilities, as ONVIF tells them."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice.accounts.access import AccessClass
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.system import identity
from nvrdevice.system.identity import Identity
from onvif_api import services
from onvif_api.rest import addresses
from onvif_api.rest.authentication import account_of, actor, address_of
from onvif_api.rest.schema import answers
from onvif_api.rest.serializers import serializer_of
from onvif_api.rest.view import RestView
from onvif_api.soap import dispatch
from onvif_api.soap.addressing import NONE
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.namespaces import NS

services.load()

# The notes are for people who read the file, not for every viewer.
Information = serializer_of(Identity, without=("developer_notes",))
NAMES = {
    "tds": "device",
    "tev": "events",
    "trt": "media",
    "tr2": "media2",
    "timg": "imaging",
    "tptz": "ptz",
    "tmd": "device_io",
    "trc": "recording",
    "tse": "search",
    "trp": "replay",
    "tan": "analytics",
    "tsc": "schedule",
    "tas": "security",
}


class Service(serializers.Serializer[Any]):
    namespace = serializers.CharField()
    address = serializers.CharField(help_text="On the host you used.")
    version = serializers.CharField()
    capabilities = serializers.DictField(help_text="Named as in ONVIF's GetServices.")


class Capabilities(serializers.Serializer[Any]):
    services = serializers.DictField(child=Service())


class DeviceInformation(RestView):
    access: ClassVar = {"GET": AccessClass.READ_SYSTEM}

    @extend_schema(summary="Who the device is", responses=answers(Information))
    def get(self, request: Request) -> Response:
        return Response(Information(identity.read()).data)


class DeviceCapabilities(RestView):
    access: ClassVar = {"GET": AccessClass.READ_SYSTEM}

    @extend_schema(
        summary="Which services there are and what they can do", responses=answers(Capabilities)
    )
    def get(self, request: Request) -> Response:
        call = as_call(request)
        return Response(
            {
                "services": {
                    NAMES.get(service.prefix, service.prefix): {
                        "namespace": NS[service.prefix],
                        "address": call.base_url + service.path,
                        "version": "{}.{:02}".format(*service.version),
                        "capabilities": _plain(service.capabilities(call)),
                    }
                    for service in dispatch.services()
                }
            }
        )


def as_call(request: Request) -> Call:
    """The request as the ONVIF services see one, so that both tell the same."""
    base_url, host = addresses.base_url(request)
    return Call(
        request=el("tds:GetServices"),
        header=None,
        account=account_of(request),
        actor=actor(request),
        base_url=base_url,
        host=host,
        client_address=address_of(request),
        path=request.path,
        query={},
        wsa=NONE,
        clock=SYSTEM_CLOCK,
        runner=_at_once,
    )


async def _at_once(function: Callable[[], Any]) -> Any:
    return function()


def _plain(element: Element) -> dict[str, Any]:
    """Attributes and elements by their names, words as the values they are."""
    found: dict[str, Any] = {str(name): _value(str(text)) for name, text in element.attrib.items()}
    for child in element.iterchildren("*"):
        name = str(child.tag).rpartition("}")[2]
        inside = _plain(child)
        value = inside or _value(child.text or "")
        found[name] = value
    return found


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isascii() and text.isdigit() else text
