"""The encoder that is taken is one that was seen to work."""

from nvrdevice.media.engine import encoder_choice, gst
from nvrdevice.media.engine.encoder_elements import OPENH264, X264, EncoderElement


def test_software_encoders_make_pictures() -> None:
    gst.start()
    assert [encoder_choice.works(one) for one in (X264, OPENH264)] == [True, True]


def test_what_is_missing_or_makes_no_picture_is_not_taken() -> None:
    gst.start()
    missing = EncoderElement(name="nosuchenc", describe=lambda _: "nosuchenc name=encoder")
    broken = EncoderElement(
        name="x264enc", describe=lambda _: "x264enc name=encoder ! fakesink x264enc"
    )
    silent = EncoderElement(
        name="x264enc", describe=lambda _: "identity name=encoder drop-probability=1"
    )
    assert [encoder_choice.works(one) for one in (missing, broken, silent)] == [False] * 3


def test_hardware_that_failed_at_work_is_followed_by_software() -> None:
    gst.start()
    hardware = EncoderElement(name="hardware", describe=X264.describe, hardware=True)
    encoder_choice.blame(hardware)
    encoder_choice.blame(X264)
    assert encoder_choice.element_for(encoder_choice.TRIAL).name == "x264enc"
