"""Schedules: POST /events/schedules and POST /recording/schedules."""

from typing import ClassVar

from nvrdevice.accounts.access import AccessClass
from onvif_api.rest.views.coming import ComingPost


class EventSchedules(ComingPost):
    access: ClassVar = {"POST": AccessClass.ACTUATE}
    words = "schedules of events"


class RecordingSchedules(ComingPost):
    access: ClassVar = {"POST": AccessClass.ACTUATE}
    words = "schedules of recording"
