"""/media/: profiles with true numbers, and where they stream."""

import pytest

from nvrdevice.audit import trail
from nvrdevice.media import profiles
from tests.onvif_api.rest.rest_client import Rest

HOST = {"Host": "192.168.1.20:8000"}


def test_profiles_are_told_with_their_addresses(rest: Rest) -> None:
    found = {one["token"]: one for one in rest.get("/media/profiles", as_="viewer")}
    assert list(found) == [one.token for one in profiles.profiles()]
    main, known = found["profile1"], profiles.profile("profile1")
    assert known.video_encoder is not None
    assert (main["video_encoder"]["width"], main["video_encoder"]["bitrate_kbps"]) == (
        known.video_encoder.width,
        known.video_encoder.bitrate_kbps,
    )
    assert main["stream_uri"] == "rtsp://testserver:8554/profile1"
    assert main["snapshot_uri"] == "http://testserver/onvif/snapshot/profile1"


def test_a_profile_without_parts_has_no_address(rest: Rest) -> None:
    made = profiles.create_profile("Empty", None, trail.DEVICE)
    found = {one["token"]: one for one in rest.get("/media/profiles", as_="viewer")}
    assert (found[made.token]["stream_uri"], found[made.token]["video_source"]) == (None, None)
    path = f"/media/stream_uri?profile_token={made.token}"
    assert rest.refusal("GET", path) == (400, "incomplete_configuration", "profile_token")


@pytest.mark.parametrize(
    ("protocol", "uri"),
    [
        ("", "rtsp://192.168.1.20:8554/profile1"),
        ("&protocol=tcp", "rtsp://192.168.1.20:8554/profile1"),
        ("&protocol=multicast", "rtsp://192.168.1.20:8554/profile1"),
        ("&protocol=http", "http://192.168.1.20:8000/profile1"),
    ],
)
def test_the_stream_is_on_the_host_that_was_asked(rest: Rest, protocol: str, uri: str) -> None:
    path = f"/media/stream_uri?profile_token=profile1{protocol}"
    answer = rest.ask("GET", path, as_="viewer", headers=HOST)
    assert answer.json()["uri"] == uri  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("", (400, "invalid", "profile_token")),
        ("?profile_token=", (400, "invalid", "profile_token")),
        ("?profile_token=other", (404, "no_profile", "profile_token")),
        ("?profile_token=" + "x" * 100, (400, "invalid", "profile_token")),
        ("?profile_token=profile1&protocol=pigeon", (400, "invalid", "protocol")),
    ],
)
def test_what_has_no_stream_is_refused_by_name(rest: Rest, query: str, refused: object) -> None:
    assert rest.refusal("GET", "/media/stream_uri" + query) == refused
