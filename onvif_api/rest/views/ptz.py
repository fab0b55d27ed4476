"""Pan, tilt and zoom: POST /ptz/move and /ptz/stop, and presets and home below /api/v1/ptz/.

A profile names what is moved: its video source. Left out: profile1, the first camera.
"""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice.accounts.access import AccessClass
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import profiles
from nvrdevice.media.settings import TOKEN_LIMIT
from nvrdevice.ptz import control
from nvrdevice.ptz.control import LONGEST_S, MODES, SHORTEST_S, USUAL_S, Now
from nvrdevice.ptz.settings import NAME_LIMIT, Preset
from nvrdevice.ptz.spaces import Vector
from onvif_api.rest.authentication import actor
from onvif_api.rest.schema import answers
from onvif_api.rest.serializers import Choice, Flag, Number, Query, Strict, Text
from onvif_api.rest.view import RestView

FIRST = "profile1"


class Which(Strict):
    profile_token = Text(default=FIRST, min_length=1, max_length=TOKEN_LIMIT)


class Moving(Which):
    pan = Number(default=0.0, min_value=-1, max_value=1, help_text="Right is positive.")
    tilt = Number(default=0.0, min_value=-1, max_value=1, help_text="Up is positive.")
    zoom = Number(
        default=0.0,
        min_value=-1,
        max_value=1,
        help_text="Nearer is positive. Absolute: from 0, the whole picture, to 1.",
    )
    timeout_s = Number(
        default=USUAL_S,
        min_value=SHORTEST_S,
        max_value=LONGEST_S,
        help_text="A continuous move ends by itself after this long.",
    )
    mode = Choice(
        choices=MODES,
        default=MODES[0],
        help_text="continuous: the numbers are speeds; relative: a way; absolute: a position.",
    )


class PresetName(Which):
    name = Text(min_length=1, max_length=NAME_LIMIT)


class PresetChange(Which):
    name = Text(required=False, min_length=1, max_length=NAME_LIMIT, help_text="Another name.")
    here = Flag(default=False, help_text="true: it becomes where it stands.")


class WhichQuery(Query):
    profile_token = serializers.CharField(
        default=FIRST, max_length=TOKEN_LIMIT, trim_whitespace=False
    )


class Position(serializers.Serializer[Any]):
    pan = serializers.FloatField()
    tilt = serializers.FloatField()
    zoom = serializers.FloatField()


class HeadShown(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]
    backend = serializers.CharField(help_text="What moves it; empty: nothing does.")
    can = serializers.ListField(child=serializers.CharField())
    position = Position(allow_null=True, help_text="null: it tells none.")
    moving = serializers.BooleanField()
    problem = serializers.CharField(help_text="Why it cannot be moved; empty: it can.")
    trouble = serializers.CharField(
        help_text="Why the last command did not reach the head; empty: it did."
    )
    note = serializers.CharField(
        help_text="Which streams show the move, where not all of them do; empty: all do."
    )


class PresetShown(serializers.Serializer[Any]):
    token = serializers.CharField()
    name = serializers.CharField()


class PresetsShown(serializers.Serializer[Any]):
    presets = PresetShown(many=True)


class Move(RestView):
    access: ClassVar = {"POST": AccessClass.ACTUATE}

    @extend_schema(
        summary="Move a camera, or the part of its picture that is shown",
        request=Moving,
        responses=answers(HeadShown, 200, 400, 404, 501),
    )
    def post(self, request: Request) -> Response:
        given, source = _given(Moving, request)
        vector = Vector(given["pan"], given["tilt"], given["zoom"])
        found = control.move(
            source, vector, mode=given["mode"], timeout_s=given["timeout_s"], by=actor(request)
        )
        return Response(_plain(found))


class Stop(RestView):
    access: ClassVar = {"POST": AccessClass.ACTUATE}

    @extend_schema(
        summary="Stop moving", request=Which, responses=answers(HeadShown, 200, 400, 404, 501)
    )
    def post(self, request: Request) -> Response:
        _, source = _given(Which, request)
        return Response(_plain(control.stop(source, by=actor(request))))


class Status(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA}

    @extend_schema(
        summary="Where a camera looks, and whether it can be moved",
        parameters=[WhichQuery],
        responses=answers(HeadShown, 200, 400, 404),
    )
    def get(self, request: Request) -> Response:
        return Response(_plain(control.now(_asked(request))))


class Home(RestView):
    access: ClassVar = {"POST": AccessClass.ACTUATE, "PUT": AccessClass.ACTUATE}

    @extend_schema(
        summary="Go home", request=Which, responses=answers(HeadShown, 200, 400, 404, 501)
    )
    def post(self, request: Request) -> Response:
        _, source = _given(Which, request)
        return Response(_plain(control.go_home(source, by=actor(request))))

    @extend_schema(
        summary="Make where it stands its home",
        request=Which,
        responses=answers(HeadShown, 200, 400, 404, 501),
    )
    def put(self, request: Request) -> Response:
        _, source = _given(Which, request)
        return Response(_plain(control.set_home(source, by=actor(request))))


class Presets(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA, "POST": AccessClass.ACTUATE}

    @extend_schema(
        summary="The presets of a camera",
        parameters=[WhichQuery],
        responses=answers(PresetsShown, 200, 400, 404),
    )
    def get(self, request: Request) -> Response:
        found = control.presets(_asked(request))
        return Response({"presets": [_preset(one) for one in found]})

    @extend_schema(
        summary="Save where it stands as a preset",
        request=PresetName,
        responses=answers(PresetShown, 201, 400, 404, 409, 501),
    )
    def post(self, request: Request) -> Response:
        given, source = _given(PresetName, request)
        made = control.create_preset(source, given["name"], by=actor(request))
        return Response(_preset(made), status=201)


class OnePreset(RestView):
    access: ClassVar = {"PUT": AccessClass.ACTUATE, "DELETE": AccessClass.ACTUATE}

    @extend_schema(
        summary="Rename a preset, or give it where it stands now",
        request=PresetChange,
        responses=answers(PresetShown, 200, 400, 404, 409, 501),
    )
    def put(self, request: Request, preset: str) -> Response:
        given, source = _given(PresetChange, request)
        if given["here"] == ("name" in given):
            raise DeviceError(
                Kind.INVALID, "Give name, or here as true: one of them.", field="name"
            )
        by = actor(request)
        if given["here"]:
            return Response(_preset(control.move_preset(source, preset, by=by)))
        return Response(_preset(control.rename_preset(source, preset, given["name"], by=by)))

    @extend_schema(
        summary="Delete a preset",
        parameters=[WhichQuery],
        responses=answers(None, 204, 400, 404),
    )
    def delete(self, request: Request, preset: str) -> Response:
        control.delete_preset(_asked(request), preset, by=actor(request))
        return Response(status=204)


class GoToPreset(RestView):
    access: ClassVar = {"POST": AccessClass.ACTUATE}

    @extend_schema(
        summary="Go to a preset", request=Which, responses=answers(HeadShown, 200, 400, 404, 501)
    )
    def post(self, request: Request, preset: str) -> Response:
        _, source = _given(Which, request)
        return Response(_plain(control.go_to_preset(source, preset, by=actor(request))))


def _given(body: type[Which], request: Request) -> tuple[dict[str, Any], str]:
    read = body(data=request.data)
    read.is_valid(raise_exception=True)
    given: dict[str, Any] = read.validated_data
    return given, _source(given["profile_token"])


def _asked(request: Request) -> str:
    query = WhichQuery(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    return _source(query.validated_data["profile_token"])


def _source(profile: str) -> str:
    picture = profiles.profile(profile).video_source
    if picture is None:
        raise DeviceError(
            Kind.CONFLICT,
            f"The profile {profile!r} has no video source.",
            field="profile_token",
        )
    return picture.source.token


def _plain(now: Now) -> dict[str, Any]:
    return {
        "source": now.source,
        "backend": now.backend,
        "can": sorted(now.can),
        "position": now.position.rounded() if now.position is not None else None,
        "moving": now.moving,
        "problem": now.problem,
        "trouble": now.trouble,
        "note": now.note,
    }


def _preset(one: Preset) -> dict[str, str]:
    return {"token": one.token, "name": one.name}
