"""Events: GET /events/subscription, GET /events/pull and POST /events/mode/{mode}.

A pull is a cursor into the journal that the client keeps: it sends back the after of the last
answer, so nothing is lost or told twice, whatever breaks in between.
"""

import functools
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice import state
from nvrdevice.accounts.access import AccessClass
from nvrdevice.events import journal, pipeline, topics
from nvrdevice.events.notification import Notification
from nvrdevice.events.pipeline import MODES, EventSwitches
from nvrdevice.events.pruning import JournalRetention
from nvrdevice.lib.clock import iso_utc
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.schedules import arming
from onvif_api.rest import waiting
from onvif_api.rest.addresses import base_url
from onvif_api.rest.authentication import account_of, actor
from onvif_api.rest.schema import answers
from onvif_api.rest.serializers import Query, serializer_of
from onvif_api.rest.view import RestView, write_log
from onvif_api.rest.waiting import Wait

LIMIT, LIMIT_MAX = 100, 500
WAIT_MAX_S = 60
HIGHEST = 2**63 - 1
Switches = serializer_of(EventSwitches)


class Event(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Rises with every event, and is never used again.")
    at = serializers.DateTimeField()
    topic = serializers.CharField()
    operation = serializers.CharField(
        allow_blank=True, help_text="Initialized, Changed or Deleted of a property, else empty."
    )
    source = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    key = serializers.DictField(child=serializers.CharField())
    data = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


class Pulled(serializers.Serializer[Any]):
    events = Event(many=True)
    after = serializers.IntegerField(help_text="Send this with the next pull.")
    more = serializers.BooleanField(help_text="There is more behind after already.")
    missed = serializers.BooleanField(
        help_text="Events behind the after you sent are older than what is kept, and gone."
    )


class PullQuery(Query):
    after = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=HIGHEST,
        help_text="What the last answer said. Without it: the newest events.",
    )
    limit = serializers.IntegerField(
        default=LIMIT, min_value=1, max_value=LIMIT_MAX, help_text="So many events at most."
    )
    timeout_s = serializers.FloatField(
        default=0,
        min_value=0,
        max_value=WAIT_MAX_S,
        help_text="Wait so long for an event where there is none.",
    )


class TopicShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    is_property = serializers.BooleanField(help_text="It tells a state, not a moment.")
    source = serializers.DictField(  # type: ignore[assignment]
        child=serializers.CharField(), help_text="Items and types."
    )
    key = serializers.DictField(child=serializers.CharField())
    data = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    sent = serializers.BooleanField(help_text="The switches let it through just now.")


class Subscription(serializers.Serializer[Any]):
    pull_address = serializers.CharField(help_text="GET it with after.")
    after = serializers.IntegerField(help_text="Begin with this to get what happens from now on.")
    onvif_address = serializers.CharField(help_text="CreatePullPointSubscription is sent here.")
    event_pipeline_mode = serializers.ChoiceField(choices=MODES)
    modes = serializers.ListField(child=serializers.CharField())
    events_enabled = serializers.BooleanField()
    alarms_enabled = serializers.BooleanField()
    kept_events = serializers.IntegerField(help_text="So many are kept at most.")
    kept_days = serializers.IntegerField()
    topics = TopicShown(many=True)


class EventSubscription(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA}

    @extend_schema(
        summary="How to get the events, and which there are", responses=answers(Subscription)
    )
    def get(self, request: Request) -> Response:
        base, _ = base_url(request)
        switches, kept = state.read(EventSwitches), state.read(JournalRetention)
        found = {
            "pull_address": f"{base}/events/pull",
            "after": journal.head(),
            "onvif_address": f"{base}/onvif/event_service",
            "event_pipeline_mode": switches.event_pipeline_mode,
            "modes": MODES,
            "events_enabled": switches.events_enabled,
            "alarms_enabled": switches.alarms_enabled,
            "kept_events": kept.event_journal_rows,
            "kept_days": kept.event_journal_days,
            "topics": [_topic(topic) for topic in topics.declared()],
        }
        return Response(Subscription(found).data)


class Pull(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA}

    @extend_schema(
        summary="The events behind a cursor, oldest first",
        parameters=[PullQuery],
        responses=answers(Pulled, 200, 400),
    )
    def get(self, request: Request) -> Response:
        query = PullQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        after, limit = asked.get("after"), asked["limit"]
        page = journal.newest(limit) if after is None else journal.after(after, limit=limit)
        if after is not None and after > page.head:
            raise DeviceError(
                Kind.INVALID,
                f"after is {after}, but the newest event is {page.head}: begin anew without after.",
                field="after",
            )
        missed = after is not None and journal.is_gone(after)
        patient = asked["timeout_s"] > 0 and request.method == "GET"
        if not page.rows and patient and waiting.can_wait(request):
            self._wait(request, page.scanned_to, missed=missed, **asked)
        return Response(pulled(page, missed=missed))

    def _wait(
        self, request: Request, cursor: int, *, missed: bool, limit: int, timeout_s: float, **_: Any
    ) -> None:
        account = account_of(request)
        assert account is not None
        waiting.leave(
            request,
            Wait(
                cursor=cursor,
                limit=limit,
                timeout_s=timeout_s,
                username=account.username,
                needs=self.access["GET"],
                write=functools.partial(pulled, missed=missed),
                log=functools.partial(write_log, request, account.username, "ok"),
            ),
        )


class Mode(RestView):
    access: ClassVar = {"POST": AccessClass.ACTUATE}

    @extend_schema(
        summary="Choose what is sent: everything (event), motion or alarms only",
        request=None,
        parameters=[OpenApiParameter("mode", str, OpenApiParameter.PATH, enum=MODES)],
        responses=answers(Switches, 200, 404),
    )
    def post(self, request: Request, mode: str) -> Response:
        if mode not in MODES:
            raise DeviceError(
                Kind.MISSING,
                f"There is no mode {mode[:60]!r}: choose {', '.join(MODES)}.",
                field="mode",
            )
        return Response(Switches(pipeline.set_switches(actor(request), mode=mode)).data)


class AllSwitches(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA, "PUT": AccessClass.ACTUATE}

    @extend_schema(summary="What is sent at all", responses=answers(Switches))
    def get(self, request: Request) -> Response:
        return Response(Switches(state.read(EventSwitches)).data)

    @extend_schema(
        summary="Change what is sent; what is left out stays",
        request=Switches,
        responses=answers(Switches, 200, 400, 415),
    )
    def put(self, request: Request) -> Response:
        body = Switches(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = dict(body.validated_data)
        after = arming.set_switches(
            actor(request), mode=wanted.pop("event_pipeline_mode", None), **wanted
        )
        return Response(Switches(after).data)


def pulled(page: journal.Page, *, missed: bool) -> dict[str, Any]:
    return {
        "events": [_event(row) for row in page.rows],
        "after": page.scanned_to,
        "more": page.scanned_to < page.head,
        "missed": missed,
    }


def _event(row: Notification) -> dict[str, Any]:
    return {
        "id": row.number,
        "at": iso_utc(row.at),
        "topic": row.topic,
        "operation": row.operation,
        "source": dict(row.source),
        "key": dict(row.key),
        "data": dict(row.data),
    }


def _topic(topic: topics.Topic) -> dict[str, Any]:
    return {
        "name": topic.name,
        "is_property": topic.is_property,
        "source": topic.source,
        "key": topic.key,
        "data": topic.data,
        "sent": pipeline.passes(topic.name),
    }
