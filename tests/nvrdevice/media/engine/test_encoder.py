"""Pictures in, access units out: at the time of the picture, with what a client needs to start."""

import gc
from dataclasses import replace

from nvrdevice.media.engine.encoder import Encoder
from nvrdevice.media.engine.hub import Hub, StreamFormat
from tests.nvrdevice.media.engine.made_pictures import RAW, SETTINGS, STEP_NS, encoded

DELIMITER, SEQUENCE_PARAMETERS, PICTURE_PARAMETERS = 9, 7, 8


def nal_types(data: bytes) -> list[int]:
    return [part[0] & 31 for part in data.split(b"\0\0\1")[1:]]


def test_the_first_unit_is_a_key_frame_with_its_parameter_sets() -> None:
    first = encoded(Hub(), pictures=1)[0]
    kinds = [kind for kind in nal_types(first.data) if kind != DELIMITER]
    assert (first.key, kinds[:2]) == (True, [SEQUENCE_PARAMETERS, PICTURE_PARAMETERS])


def test_a_unit_has_the_time_of_its_picture() -> None:
    times = [unit.time_ns for unit in encoded(Hub(), pictures=3)]
    assert [at - times[0] for at in times] == [0, STEP_NS, 2 * STEP_NS]


def test_the_stream_is_what_was_wanted() -> None:
    hub = Hub()
    encoded(hub, replace(SETTINGS, width=160, height=90), pictures=1)
    assert hub.format == StreamFormat(codec="H264", width=160, height=90, fps=25.0, profile="main")


def test_a_key_frame_comes_when_it_is_asked_for() -> None:
    def ask(encoder: Encoder, number: int) -> None:
        if number == 3:
            encoder.ask_key()

    units = encoded(Hub(), pictures=5, between=ask)
    assert [unit.key for unit in units] == [True, False, False, True, False]


def test_the_bit_rate_changes_while_it_runs_and_nothing_else_does() -> None:
    encoder = Encoder(RAW, SETTINGS, Hub(), failed=lambda: None)
    try:
        assert encoder.take_over(replace(SETTINGS, bitrate_kbps=300)) is True
        assert encoder.take_over(replace(SETTINGS, gop_frames=10)) is False
        assert encoder.settings == replace(SETTINGS, bitrate_kbps=300)
    finally:
        encoder.stop()


def test_a_stopped_encoder_frees_its_pipeline() -> None:
    freed: list[bool] = []

    def watch(encoder: Encoder, number: int) -> None:
        if number == 0:
            encoder._pipeline.element.weak_ref(lambda: freed.append(True))

    encoded(Hub(), between=watch)
    gc.collect()
    assert freed == [True]
