"""Real people in a real place: the film vtest.avi of Debian's opencv-doc.

Somebody walks in it nearly always. The quietest moment is at 41 s: for 1.5 s only two people
far away stand and turn. Motion must end there, in every turn of the film.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.nvrdevice.motion.clips import HEIGHT, WIDTH, episodes

FILM = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")
FILM_S = 79.5


def film(fps: float, interpolation: int) -> Iterator[tuple[float, Any]]:
    """The film once, at this rate."""
    reader = cv2.VideoCapture(str(FILM))
    number = -1
    for step in range(int(FILM_S * fps)):
        wanted = int(step / fps * 10)
        while number < wanted:
            more, picture = reader.read()
            assert more
            number += 1
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        yield step / fps, cv2.resize(grey, (WIDTH, HEIGHT), interpolation=interpolation)
    reader.release()


@pytest.mark.parametrize(
    ("interpolation", "fps"),
    [(cv2.INTER_LINEAR, 5.0), (cv2.INTER_AREA, 8.0), (cv2.INTER_LINEAR, 10.0)],
)
def test_people_walking_start_motion_and_their_standing_ends_it(
    interpolation: int, fps: float
) -> None:
    found = episodes(film(fps, interpolation))
    assert round(found[0][0]) == 4
    assert 41.0 < min(end_s for _, end_s in found if end_s > 40.0) < 42.8


def test_low_sensitivity_sees_only_who_is_near() -> None:
    often = episodes(film(5, cv2.INTER_LINEAR), sensitivity=50)
    seldom = episodes(film(5, cv2.INTER_LINEAR), sensitivity=10)
    length = [sum(end_s - start_s for start_s, end_s in each) for each in (seldom, often)]
    assert length == sorted(length)
    assert length[0] < FILM_S / 2 < length[1]
