"""Media: GET /media/profiles and GET /media/stream_uri?profile_token=."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from nvrdevice.accounts.access import AccessClass
from nvrdevice.media import profiles, transports
from nvrdevice.media.resolved import Profile, VideoEncoder, VideoSourceConfiguration
from nvrdevice.media.settings import TOKEN_LIMIT
from nvrdevice.media.transports import Transport
from onvif_api.rest.addresses import base_url
from onvif_api.rest.schema import answers
from onvif_api.rest.serializers import Choice, Query
from onvif_api.rest.view import RestView

PROTOCOLS = {
    "udp": Transport.UDP,
    "tcp": Transport.TCP,
    "multicast": Transport.MULTICAST,
    "http": Transport.HTTP,
}


class VideoSource(serializers.Serializer[Any]):
    token = serializers.CharField()
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    fps = serializers.FloatField()
    online = serializers.BooleanField()


class Encoder(serializers.Serializer[VideoEncoder]):
    token = serializers.CharField()
    name = serializers.CharField()
    encoding = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    fps = serializers.FloatField()
    bitrate_kbps = serializers.IntegerField()
    gop_frames = serializers.IntegerField()
    pass_through = serializers.BooleanField(help_text="The camera's own stream, not encoded here.")


class ProfileShown(serializers.Serializer[Any]):
    token = serializers.CharField()
    name = serializers.CharField()
    fixed = serializers.BooleanField(help_text="It belongs to a source and cannot be deleted.")
    video_source = VideoSource(allow_null=True)
    video_encoder = Encoder(allow_null=True)
    stream_uri = serializers.CharField(allow_null=True, help_text="Null until it is complete.")
    snapshot_uri = serializers.CharField(allow_null=True)


class StreamQuery(Query):
    profile_token = serializers.CharField(max_length=TOKEN_LIMIT, trim_whitespace=False)
    protocol = Choice(choices=list(PROTOCOLS), default="udp")


class StreamUri(serializers.Serializer[Any]):
    profile_token = serializers.CharField()
    protocol = serializers.ChoiceField(choices=list(PROTOCOLS))
    uri = serializers.CharField(help_text="On the host you used; it holds no password.")


class Profiles(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA}

    @extend_schema(
        summary="The media profiles, with the numbers of the running streams",
        responses=answers(ProfileShown(many=True)),
    )
    def get(self, request: Request) -> Response:
        base, host = base_url(request)
        found = [_shown(profile, base, host) for profile in profiles.media_now().profiles]
        return Response(ProfileShown(found, many=True).data)


class Stream(RestView):
    access: ClassVar = {"GET": AccessClass.READ_MEDIA}

    @extend_schema(
        summary="Where a profile streams",
        parameters=[StreamQuery],
        responses=answers(StreamUri, 200, 400, 404),
    )
    def get(self, request: Request) -> Response:
        query = StreamQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        base, host = base_url(request)
        profile = profiles.profile(asked["profile_token"])
        uri = transports.stream_uri(profile, PROTOCOLS[asked["protocol"]], host=host, base_url=base)
        return Response({**asked, "uri": uri})


def _shown(profile: Profile, base: str, host: str) -> dict[str, Any]:
    complete = profile.complete
    return {
        "token": profile.token,
        "name": profile.name,
        "fixed": profile.fixed,
        "video_source": _source(profile.video_source),
        "video_encoder": profile.video_encoder,
        "stream_uri": transports.stream_uri(profile, Transport.UDP, host=host, base_url=base)
        if complete
        else None,
        "snapshot_uri": transports.snapshot_uri(profile, base_url=base) if complete else None,
    }


def _source(picture: VideoSourceConfiguration | None) -> Any:
    return picture.source if picture is not None else None
