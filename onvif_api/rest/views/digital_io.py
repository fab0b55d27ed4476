"""Digital inputs and outputs: /events/digital/{direction}/{channel_id}, /api/v1/digital for all."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice.accounts.access import AccessClass
from nvrdevice.digital_io import channels
from nvrdevice.digital_io.channels import ChannelNow
from nvrdevice.digital_io.refusals import missing
from nvrdevice.digital_io.settings import DIRECTIONS, OUTPUT
from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.rest.authentication import actor
from onvif_api.rest.schema import answers
from onvif_api.rest.serializers import Flag, Strict
from onvif_api.rest.view import RestView


class Switching(Strict):
    state = Flag(help_text="An input: raised; an output: on. Only inputs without a pin can be set.")
    pulse = Flag(default=False, help_text="An output goes off again after its delay.")


class Switched(serializers.Serializer[Any]):
    channel_id = serializers.IntegerField()
    direction = serializers.ChoiceField(choices=DIRECTIONS)
    name = serializers.CharField()
    state = serializers.BooleanField(help_text="As it was read back.")


class ChannelShown(Switched):
    token = serializers.CharField(help_text="What events call it.")
    kind = serializers.CharField(help_text="virtual, gpio or simulated; empty: not known now.")
    problem = serializers.CharField(help_text="Why it does not work; empty: it does.")


class Channels(serializers.Serializer[Any]):
    channels = ChannelShown(many=True)


class AllDigital(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA}

    @extend_schema(summary="Every digital input and output", responses=answers(Channels))
    def get(self, request: Request) -> Response:
        return Response({"channels": [_plain(one) for one in channels.everything()]})


class Digital(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA, "POST": AccessClass.ACTUATE}

    @extend_schema(
        summary="One digital channel as it is now", responses=answers(ChannelShown, 200, 404)
    )
    def get(self, request: Request, direction: str, channel_id: str) -> Response:
        number = _number(direction, channel_id)
        for one in channels.everything():
            if (one.setting.direction, one.setting.channel_id) == (direction, number):
                return Response(_plain(one))
        raise missing(direction, number)

    @extend_schema(
        summary="Raise or lower an input, switch an output",
        request=Switching,
        responses=answers(Switched, 200, 400, 404, 409),
    )
    def post(self, request: Request, direction: str, channel_id: str) -> Response:
        number = _number(direction, channel_id)
        body = Switching(data=request.data)
        body.is_valid(raise_exception=True)
        by, wanted = actor(request), body.validated_data
        if wanted["pulse"]:
            if direction != OUTPUT or not wanted["state"]:
                raise DeviceError(
                    Kind.INVALID, "Only an output that is switched on can pulse.", field="pulse"
                )
            found = channels.pulse(number, by=by)
        else:
            found = channels.set_state(direction, number, active=wanted["state"], by=by)
        return Response(
            {
                "channel_id": number,
                "direction": direction,
                "name": channels.find(direction, number).name,
                "state": found,
            }
        )


def _number(direction: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise (
            missing(direction, -1)
            if direction not in DIRECTIONS
            else DeviceError(
                Kind.MISSING, f"{text[:20]!r} is no channel: give its number.", field="channel_id"
            )
        )
    return int(text)


def _plain(one: ChannelNow) -> dict[str, Any]:
    return {
        "channel_id": one.setting.channel_id,
        "direction": one.setting.direction,
        "name": one.setting.name,
        "token": one.token,
        "state": one.state,
        "kind": one.kind,
        "problem": one.problem,
    }
