"""Pan, tilt and zoom: POST /ptz/move and POST /ptz/stop."""

from typing import ClassVar

from nvrdevice.accounts.access import AccessClass
from onvif_api.rest.views.coming import ComingPost


class Move(ComingPost):
    access: ClassVar = {"POST": AccessClass.ACTUATE}
    words = "pan, tilt and zoom"


class Stop(ComingPost):
    access: ClassVar = {"POST": AccessClass.ACTUATE}
    words = "pan, tilt and zoom"
