"""Recording: GET and POST /recording/jobs.

A job is what fills the recording of a source. A token pushed here records for a while, or until
it is taken back; user.yaml keeps the tokens as recording_triggers.
"""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice import state
from nvrdevice.accounts.access import AccessClass
from nvrdevice.lib.clock import iso_utc
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.recordings import jobs, settings, triggers
from nvrdevice.recordings.jobs import Job
from nvrdevice.recordings.settings import RecordingTriggers
from onvif_api.rest.authentication import actor
from onvif_api.rest.schema import answers
from onvif_api.rest.serializers import Flag, Number, Strict, Text
from onvif_api.rest.view import RestView


class Pushed(Strict):
    token = Text(min_length=1, max_length=triggers.TOKEN_LIMIT, help_text="Any name of yours.")
    source = Text(  # type: ignore[assignment]
        required=False, max_length=64, help_text="The camera to record. Left out: all of them."
    )
    duration_s = Number(
        required=False,
        min_value=1,
        max_value=triggers.LONGEST_S,
        help_text="How long from now on. Left out: the seconds after an event, as set.",
    )
    state = Flag(
        required=False,
        help_text="true: until this token is sent again with false. Left out: for a while.",
    )


class JobShown(serializers.Serializer[Any]):
    token = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    recording = serializers.CharField()
    profile = serializers.CharField()
    mode = serializers.ChoiceField(choices=settings.MODES)
    state = serializers.ChoiceField(choices=["Idle", "Active", "Error"])
    reasons = serializers.ListField(child=serializers.CharField())
    error = serializers.CharField(help_text="Empty: none.")
    since = serializers.CharField(allow_null=True)


class TriggerShown(serializers.Serializer[Any]):
    token = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    until = serializers.CharField(allow_null=True, help_text="null: until it is taken back.")


class Recording(serializers.Serializer[Any]):
    jobs = JobShown(many=True)
    recording_triggers = serializers.ListField(
        child=serializers.CharField(), help_text="The tokens pushed so far, as user.yaml has them."
    )
    active_triggers = TriggerShown(many=True)


class Jobs(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA, "POST": AccessClass.ACTUATE}

    @extend_schema(
        summary="What is recorded just now, and the tokens pushed", responses=answers(Recording)
    )
    def get(self, request: Request) -> Response:
        return Response(_everything())

    @extend_schema(
        summary="Push a token: record now, with the seconds before",
        request=Pushed,
        responses=answers(Recording, 201, 400, 404),
    )
    def post(self, request: Request) -> Response:
        body = Pushed(data=request.data)
        body.is_valid(raise_exception=True)
        given, by = body.validated_data, actor(request)
        token, source = given["token"], given.get("source", "")
        if "state" not in given:
            triggers.start(token, source=source, duration_s=given.get("duration_s"), by=by)
        elif "duration_s" in given:
            raise DeviceError(
                Kind.INVALID, "Give state or duration_s, not both.", field="duration_s"
            )
        elif given["state"]:
            triggers.hold(token, source=source, by=by)
        else:
            triggers.stop(token, source=source, by=by)
        return Response(_everything(), status=201)


def _everything() -> dict[str, Any]:
    return {
        "jobs": [_plain(one) for one in jobs.everything()],
        "recording_triggers": list(state.read(RecordingTriggers).recording_triggers),
        "active_triggers": [
            {
                "token": one.token,
                "source": one.source,
                "until": iso_utc(one.until) if one.until else None,
            }
            for one in triggers.active()
        ],
    }


def _plain(one: Job) -> dict[str, Any]:
    return {
        "token": one.token,
        "source": one.source,
        "recording": one.recording,
        "profile": one.profile,
        "mode": settings.camera(one.source).mode,
        "state": one.state,
        "reasons": list(one.reasons),
        "error": one.error,
        "since": iso_utc(one.since) if one.since else None,
    }
