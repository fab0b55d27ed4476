"""The true numbers: no zero is left, and what is announced is what the encoder gets."""

import pytest

from nvrdevice.media import settings
from nvrdevice.media.facts import Facts
from nvrdevice.media.resolved import Media, VideoEncoder, resolve
from nvrdevice.media.settings import MediaSettings, Source, VideoEncoderConfiguration


def media(encoder: VideoEncoderConfiguration | None = None, **measured: object) -> Media:
    found = MediaSettings(
        sources=(Source(token="source1", uri="test:"),),
        video_encoder_configurations=(encoder,) if encoder else (),
    )
    facts = {"source1": Facts(uri="test:", **measured)} if measured else {}  # type: ignore[arg-type]
    return resolve(settings.complete(found), facts)


def configured(**values: object) -> VideoEncoderConfiguration:
    return VideoEncoderConfiguration(token="main1", source="source1", **values)  # type: ignore[arg-type]


def numbers(one: VideoEncoder) -> tuple[int, int, float, int, int]:
    return one.width, one.height, one.fps, one.bitrate_kbps, one.gop_frames


def test_a_source_never_seen_has_nominal_numbers() -> None:
    found = media()
    assert [numbers(one) for one in found.video_encoders] == [
        (1280, 720, 25.0, 2048, 50),
        (640, 360, 25.0, 512, 50),
        (640, 360, 5.0, 1408, 1),
    ]
    assert found.sources[0].measured is False


def test_zeros_become_the_source_s_numbers() -> None:
    found = media(width=768, height=576, fps=10.0)
    assert [numbers(one) for one in found.video_encoders] == [
        (768, 576, 10.0, 384, 20),
        (640, 480, 10.0, 256, 20),
        (640, 480, 5.0, 1856, 1),
    ]


def test_set_numbers_are_used() -> None:
    encoder = configured(width=640, height=480, fps=5, bitrate_kbps=700, gop_frames=25)
    found = media(encoder, width=1280, height=960, fps=25.0)
    assert numbers(found.video_encoders[0]) == (640, 480, 5.0, 700, 25)


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (640, 0, (640, 358)),
        (0, 480, (856, 480)),
        (4000, 3000, (1921, 1077)),
        (641, 361, (640, 360)),
    ],
)
def test_sizes_are_even_and_never_larger_than_the_source(
    width: int, height: int, size: tuple[int, int]
) -> None:
    found = media(configured(width=width, height=height), width=1921, height=1077, fps=25.0)
    expected = tuple(side - side % 2 for side in size)
    assert numbers(found.video_encoders[0])[:2] == expected


def test_no_more_pictures_are_promised_than_the_source_has() -> None:
    found = media(configured(fps=60), width=640, height=480, fps=12.5)
    assert found.video_encoders[0].fps == 12.5


def test_a_stream_passed_through_has_its_camera_s_numbers() -> None:
    found = media(
        configured(width=320, height=240, fps=5, bitrate_kbps=100, gop_frames=9),
        width=1921,
        height=1080,
        fps=25.0,
        codec="H264",
        pass_through=True,
        bitrate_kbps=4100,
        gop_frames=100,
        h264_profile="High",
    )
    main, sub, jpeg = found.video_encoders
    assert numbers(main) == (1921, 1080, 25.0, 4100, 100)
    assert (main.h264_profile, main.pass_through) == ("High", True)
    assert (numbers(sub)[:2], sub.pass_through, sub.encoding) == ((640, 360), False, "H264")
    assert (numbers(jpeg)[:2], jpeg.pass_through, jpeg.encoding) == ((640, 360), False, "JPEG")


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(0, 0, (2040, 1144)), (640, 0, (640, 352)), (100, 50, (96, 48)), (3, 3, (8, 8))],
)
def test_jpeg_sizes_are_those_rtp_can_tell(width: int, height: int, size: tuple[int, int]) -> None:
    """RFC 2435: whole eights of pixels, 2040 at most."""
    encoder = configured(role="jpeg", encoding="JPEG", width=width, height=height)
    found = media(encoder, width=3840, height=2154, fps=25.0)
    assert numbers(found.video_encoders[0])[:2] == size


def test_use_counts_count_profiles() -> None:
    found = media()
    assert [one.use_count for one in (*found.video_sources, *found.video_encoders)] == [3, 1, 1, 1]


def with_second(**measured: object) -> Media:
    found = MediaSettings(
        sources=(Source(token="source1", uri="rtsp://cam/a", sub_uri="rtsp://cam/b"),)
    )
    main = Facts(
        uri="rtsp://cam/a", width=1920, height=1080, fps=25.0, codec="H265", pass_through=True
    )
    second = Facts(uri="rtsp://cam/b", **measured)  # type: ignore[arg-type]
    return resolve(settings.complete(found), {"source1": main, "source1/sub": second})


def test_the_sub_profile_of_a_second_address_is_the_camera_s_own() -> None:
    found = with_second(
        width=704, height=576, fps=12.5, codec="H264", pass_through=True, bitrate_kbps=300,
        gop_frames=25, h264_profile="Main",
    )  # fmt: skip
    main, sub, jpeg = found.video_encoders
    assert (numbers(main)[:3], main.encoding) == ((1920, 1080, 25.0), "H265")
    assert numbers(sub) == (704, 576, 12.5, 300, 25)
    assert (sub.encoding, sub.pass_through, sub.h264_profile) == ("H264", True, "Main")
    assert (numbers(jpeg)[:3], jpeg.pass_through) == ((640, 520, 5.0), False)


def test_a_second_address_never_seen_has_small_numbers() -> None:
    _, sub, jpeg = with_second().video_encoders
    assert (numbers(sub)[:3], sub.pass_through, sub.encoding) == ((640, 360, 25.0), True, "H264")
    assert numbers(jpeg)[:2] == (640, 360)
