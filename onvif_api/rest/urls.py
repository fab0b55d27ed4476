"""The addresses of REST, as a list to read: the owner's exactly as written, then /api/.

Each is answered with and without a slash at its end, and never redirected.
"""

from typing import Any

from django.urls import path, re_path

from onvif_api.rest import docs
from onvif_api.rest.schema import Schema
from onvif_api.rest.views import (
    device,
    digital_io,
    events,
    media,
    ptz,
    recordings,
    schedules,
    users,
)
from onvif_api.rest.views.nothing import Nothing

ADDRESSES: dict[str, Any] = {
    "users/": users.Users,
    "users/<str:username>": users.OneUser,
    "device/information": device.DeviceInformation,
    "device/capabilities": device.DeviceCapabilities,
    "media/profiles": media.Profiles,
    "media/stream_uri": media.Stream,
    "events/subscription": events.EventSubscription,
    "events/pull": events.Pull,
    "events/mode/<str:mode>": events.Mode,
    "events/digital/<str:direction>/<str:channel_id>": digital_io.Digital,
    "events/schedules": schedules.EventSchedules,
    "recording/jobs": recordings.Jobs,
    "recording/schedules": schedules.RecordingSchedules,
    "ptz/move": ptz.Move,
    "ptz/stop": ptz.Stop,
    # Beyond the owner's.
    "api/v1/users/<str:username>/slow_down": users.SlowDown,
    "api/v1/digital": digital_io.AllDigital,
    "api/v1/ptz": ptz.Status,
    "api/v1/ptz/home": ptz.Home,
    "api/v1/ptz/presets": ptz.Presets,
    "api/v1/ptz/presets/<str:preset>": ptz.OnePreset,
    "api/v1/ptz/presets/<str:preset>/go": ptz.GoToPreset,
    "api/v1/events/switches": events.AllSwitches,
    "api/v1/schedules/<str:name>": schedules.OneSchedule,
    "api/schema/": Schema,
}
# Pages may live below /events/, /recording/ and /ptz/, so only these are REST's altogether.
OURS = r"^(users|device|media|events/mode|events/digital|api/schema|api/v1)(/.*)?$"

views = {route: view.as_view() for route, view in ADDRESSES.items()}
# The form that the schema shows.
as_written = [path(route, view) for route, view in views.items()]
urlpatterns = [
    *as_written,
    *(
        path(route.removesuffix("/") if route.endswith("/") else route + "/", view)
        for route, view in views.items()
    ),
    path("api/docs/", docs.page, name="api-docs"),
    re_path(OURS, Nothing.as_view()),
]
