"""Digital inputs and outputs: POST /events/digital/{input|output}/{channel_id}."""

from typing import ClassVar

from nvrdevice.accounts.access import AccessClass
from onvif_api.rest.views.coming import ComingPost


class Digital(ComingPost):
    access: ClassVar = {"POST": AccessClass.ACTUATE}
    words = "digital inputs and outputs"
