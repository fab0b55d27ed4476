"""Addresses of the owner's program whose function this device does not have yet."""

from typing import Any, ClassVar, NoReturn

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.rest.view import RestView


class Coming(RestView):
    """A subclass says what is missing, and who may use it once it is there."""

    words: ClassVar = ""

    def refuse(self) -> NoReturn:
        raise DeviceError(Kind.UNSUPPORTED, f"This device has no {self.words} yet.")


class ComingPost(Coming):
    @extend_schema(exclude=True)
    def post(self, request: Request, **parts: Any) -> Any:
        self.refuse()
