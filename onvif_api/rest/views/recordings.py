"""Recording: GET and POST /recording/jobs."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from nvrdevice.accounts.access import AccessClass
from onvif_api.rest.views.coming import ComingPost


class Jobs(ComingPost):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA, "POST": AccessClass.ACTUATE}
    words = "recording"

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Any:
        self.refuse()
