"""Schedules: GET and POST /events/schedules and /recording/schedules, and each by its name.

Both of the owner's paths know the same schedules: what a schedule is for is set where it is used.
"""

import dataclasses
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice import state
from nvrdevice.accounts.access import AccessClass
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.schedules import book, entries, standing
from nvrdevice.schedules import settings as declared
from nvrdevice.schedules.entries import Schedule
from nvrdevice.schedules.settings import (
    ENTRIES_LIMIT,
    EXCEPTIONS_LIMIT,
    RecordingSchedule,
    ScheduleException,
)
from nvrdevice.system import time_zone
from onvif_api.rest.authentication import actor
from onvif_api.rest.schema import answers
from onvif_api.rest.serializers import Strict, serializer_of
from onvif_api.rest.view import RestView

Entry = serializer_of(RecordingSchedule)
Window = serializer_of(RecordingSchedule, without=("name",))
Date = serializer_of(ScheduleException, without=("name",))


class Standing(serializers.Serializer[Any]):
    name = serializers.CharField()
    active = serializers.BooleanField()
    until = serializers.DateTimeField(allow_null=True, help_text="Null: it stays so.")
    minutes_a_week = serializers.IntegerField()
    used_for = serializers.ListField(child=serializers.CharField())
    problem = serializers.CharField(help_text="Why it never holds; empty: it is fine.")


class Shown(Standing):
    windows = Window(many=True)
    exceptions = Date(many=True)


class Everything(serializers.Serializer[Any]):
    recording_schedules = Entry(many=True)
    schedule_exceptions = serializer_of(ScheduleException)(many=True)
    schedules = Standing(many=True)


class Change(Strict):
    windows = serializers.ListField(
        child=Window(), max_length=ENTRIES_LIMIT, help_text="None: it never holds."
    )
    exceptions = serializers.ListField(
        child=Date(), max_length=EXCEPTIONS_LIMIT, required=False, help_text="Left out: none."
    )


class Schedules(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA, "POST": AccessClass.ACTUATE}

    @extend_schema(
        summary="The schedules as user.yaml has them, and how they stand now",
        responses=answers(Everything),
    )
    def get(self, request: Request) -> Response:
        found = state.read(declared.RecordingSchedules)
        return Response(
            {
                "recording_schedules": [
                    dataclasses.asdict(one) for one in found.recording_schedules
                ],
                "schedule_exceptions": [
                    dataclasses.asdict(one) for one in found.schedule_exceptions
                ],
                "schedules": [_standing(one) for one in book.everything()],
            }
        )

    @extend_schema(
        summary="Add a window: to a new schedule, or to the one of this name",
        request=Entry,
        responses=answers(Shown, 201, 400, 409),
    )
    def post(self, request: Request) -> Response:
        body = Entry(data=request.data)
        body.is_valid(raise_exception=True)
        entry = RecordingSchedule(**_tuples(body.validated_data))
        return Response(_shown(book.add_window(entry, by=actor(request))), status=201)


class EventSchedules(Schedules):
    """Its own class, since an address has one."""


class RecordingSchedules(Schedules):
    """As EventSchedules."""


class OneSchedule(RestView):
    access: ClassVar = {
        "GET": AccessClass.READ_MEDIA,
        "PUT": AccessClass.ACTUATE,
        "DELETE": AccessClass.ACTUATE,
    }

    @extend_schema(summary="One schedule", responses=answers(Shown, 200, 404))
    def get(self, request: Request, name: str) -> Response:
        return Response(_shown(book.get(name)))

    @extend_schema(
        summary="Give a schedule other windows and dates",
        request=Change,
        responses=answers(Shown, 200, 400, 404, 409),
    )
    def put(self, request: Request, name: str) -> Response:
        body = Change(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        week = entries.week_of(
            [RecordingSchedule(name=name, **_tuples(one)) for one in wanted["windows"]],
            [ScheduleException(name=name, **one) for one in wanted.get("exceptions", [])],
            apart=True,
        )
        return Response(_shown(book.change(name, week, by=actor(request))))

    @extend_schema(
        summary="Delete a schedule that nothing uses",
        responses={**answers(None, 204, 404, 409)},
    )
    def delete(self, request: Request, name: str) -> Response:
        book.delete(name, by=actor(request))
        return Response(status=204)


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }


def _standing(one: Schedule) -> dict[str, Any]:
    found = standing.of(one, SYSTEM_CLOCK.now(), time_zone.read().tz)
    return {
        "name": one.name,
        "active": found.active,
        "until": found.until,
        "minutes_a_week": one.week.minutes(),
        "used_for": [use.words for use in found.uses],
        "problem": one.problem,
    }


def _shown(one: Schedule) -> dict[str, Any]:
    plain = book.plain(one.name, one.week)
    return {**_standing(one), **plain}
