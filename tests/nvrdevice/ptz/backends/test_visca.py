"""VISCA, byte by byte, as Sony's command lists have them."""

import pytest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.ptz.backends import visca
from nvrdevice.ptz.backends.visca import Visca
from nvrdevice.ptz.backends.visca_answers import Answers, Sent
from nvrdevice.ptz.spaces import Vector


class Taking:
    problem = ""

    def __init__(self, *answers: str) -> None:
        self.taken: list[str] = []
        self.answers = list(answers)  # to one command each, there as soon as it was sent
        self._said = b""

    def send(self, data: bytes) -> None:
        self.taken.append(data.hex(" "))
        self._said = bytes.fromhex(self.answers.pop(0)) if self.answers else b""

    def receive(self, wait_s: float) -> bytes:
        said, self._said = self._said, b""
        return said

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("velocity", "frame"),
    [
        (Vector(tilt=1.0), "81 01 06 01 01 14 03 01 ff"),
        (Vector(tilt=-1.0), "81 01 06 01 01 14 03 02 ff"),
        (Vector(pan=-1.0), "81 01 06 01 18 01 01 03 ff"),
        (Vector(pan=1.0), "81 01 06 01 18 01 02 03 ff"),
        (Vector(pan=0.5, tilt=0.5), "81 01 06 01 0c 0a 02 01 ff"),
        (Vector(), "81 01 06 01 01 01 03 03 ff"),
    ],
)
def test_pan_and_tilt(velocity: Vector, frame: str) -> None:
    assert visca.pan_tilt(1, velocity).hex(" ") == frame


@pytest.mark.parametrize(
    ("speed", "frame"),
    [
        (1.0, "81 01 04 07 27 ff"),
        (-0.5, "81 01 04 07 34 ff"),
        (0.01, "81 01 04 07 20 ff"),
        (0.0, "81 01 04 07 00 ff"),
    ],
)
def test_zoom(speed: float, frame: str) -> None:
    assert visca.zoom(1, speed).hex(" ") == frame


def test_a_move_and_its_stop_are_two_frames_each() -> None:
    line = Taking()
    head = Visca(line, 2)
    head.drive(Vector(pan=1.0, zoom=-1.0), 0.0)
    assert head.moving(0.0)
    head.stop(0.0)
    assert not head.moving(0.0)
    assert line.taken == [
        "82 01 06 01 18 01 02 03 ff 82 01 04 07 37 ff",
        "82 01 06 01 01 01 03 03 ff 82 01 04 07 00 ff",
    ]


def test_presets_and_home() -> None:
    line = Taking()
    head = Visca(line, 1)
    head.save_preset(1)
    head.go_preset(6)
    head.clear_preset(2)
    head.go_home(Vector(), 0.0)
    assert line.taken == [
        "81 01 04 3f 01 00 ff",
        "81 01 04 3f 02 05 ff",
        "81 01 04 3f 00 01 ff",
        "81 01 06 04 ff",
    ]


def test_addresses_end_at_seven() -> None:
    with pytest.raises(DeviceError, match="from 1 to 7"):
        Visca(Taking(), 8)


TAKEN = "90 41 ff 90 51 ff"
BUSY, SYNTAX, NOT_NOW = "90 60 03 ff", "90 60 02 ff", "90 61 41 ff"


def test_what_the_head_takes_is_no_refusal() -> None:
    head = Visca(Taking(TAKEN + TAKEN, TAKEN), 1)
    head.drive(Vector(pan=1.0), 0.0)
    assert head.refusals() == []
    head.go_preset(1)
    assert (head.refusals(), head.trouble) == ([], "")


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (BUSY, Kind.UNAVAILABLE, "busy with earlier commands"),
        (SYNTAX, Kind.UNSUPPORTED, "does not know this command"),
        (NOT_NOW, Kind.CONFLICT, "refuses this just now"),
        ("90 42 ff 90 62 41 ff", Kind.CONFLICT, "refuses this just now"),  # only as it began
    ],
)
def test_a_preset_that_is_refused(answer: str, kind: Kind, words: str) -> None:
    head = Visca(Taking(answer), 1)
    head.go_preset(1)
    (found,) = head.refusals()
    assert (found.error.kind, found.sent.what) == (kind, "go to preset 1")
    assert words in head.trouble


def test_a_head_without_a_lens_may_refuse_to_stop_it() -> None:
    head = Visca(Taking(TAKEN + NOT_NOW, TAKEN + NOT_NOW), 1)
    head.drive(Vector(pan=1.0), 0.0)
    assert head.refusals() == []
    head.stop(0.0)
    assert head.refusals() == []


def test_a_zoom_that_was_asked_for_and_is_refused() -> None:
    head = Visca(Taking(TAKEN + SYNTAX), 1)
    head.drive(Vector(pan=1.0, zoom=0.5), 0.0)
    assert [one.sent.what for one in head.refusals()] == ["zoom"]


def test_a_stop_that_is_refused() -> None:
    head = Visca(Taking(TAKEN + TAKEN, BUSY + TAKEN), 1)
    head.drive(Vector(pan=1.0), 0.0)
    head.stop(0.0)
    assert [(one.sent.stops, one.code) for one in head.refusals()] == [(True, 3)]


@pytest.mark.parametrize(
    "answer",
    [
        "81 01 04 3f 02 00 ff",  # the adapter hears what it says
        "a0 60 02 ff",  # another head on the line
        "00 ff ff 90 ff 13" * 40,
        "90 60 04 ff",  # cancelled, which nobody asked for
        "",
    ],
)
def test_what_is_no_refusal_of_this_head(answer: str) -> None:
    head = Visca(Taking(answer), 1)
    head.go_preset(1)
    assert head.refusals() == []


def test_an_answer_in_pieces() -> None:
    answers = Answers(1)
    answers.expect([Sent("go home")])
    assert answers.take(bytes.fromhex("90 60")) == []
    assert [one.code for one in answers.take(bytes.fromhex("02 ff"))] == [2]


def test_the_next_command_is_not_blamed_for_the_one_before() -> None:
    head = Visca(Taking(SYNTAX, TAKEN), 1)
    head.go_preset(1)
    head.go_preset(2)
    assert (head.refusals(), head.trouble) == ([], "")


def test_a_head_that_cannot_be_heard_is_not_waited_for() -> None:
    answers = Answers(1)
    for _ in range(4):
        answers.expect([Sent("go home")])
    assert answers.unanswered == 3
    answers.take(bytes.fromhex("90 41 ff"))
    assert answers.unanswered == 0
