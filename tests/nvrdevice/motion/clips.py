"""Clips made in code: grey pictures of 320x180 with known truth, the same on every run."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nvrdevice.motion.alarm import Alarm
from nvrdevice.motion.detector import Detector

WIDTH, HEIGHT = 320, 180
Canvas = np.ndarray[Any, np.dtype[np.float32]]
Painter = Callable[[Canvas, float], Canvas]

ACROSS, DOWN = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))


def room(seed: int = 1, *, level: float = 90.0) -> Canvas:
    """A still scene: a floor, a wall with a pattern, pieces of furniture, some texture."""
    random = np.random.default_rng(seed)
    canvas = level + 20 * np.sin(ACROSS / 60) + 15 * (DOWN / HEIGHT)
    for _ in range(25):
        x, y = random.integers(0, WIDTH - 40), random.integers(0, HEIGHT - 30)
        w, h = random.integers(8, 60), random.integers(8, 50)
        canvas[y : y + h, x : x + w] += random.uniform(-45, 45)
    return np.clip(canvas, 8, 215).astype(np.float32)


def wall(level: float = 90.0) -> Canvas:
    """Nothing but a plain wall: the hardest place to tell light from an object."""
    return np.full((HEIGHT, WIDTH), level, np.float32) + 10 * (ACROSS / WIDTH)


def play(
    scene: Canvas,
    paint: Painter,
    *,
    seconds: float,
    fps: float = 10.0,
    sigma: float = 4.0,
    seed: int = 7,
) -> Iterator[tuple[float, np.ndarray[Any, np.dtype[np.uint8]]]]:
    """Time and picture, with Gaussian noise of this deviation."""
    random = np.random.default_rng(seed)
    for number in range(int(seconds * fps)):
        at_s = number / fps
        canvas = paint(scene.copy(), at_s)
        canvas += random.normal(0, sigma, canvas.shape).astype(np.float32)
        yield at_s, np.clip(canvas, 0, 255).astype(np.uint8)


def episodes(
    pictures: Iterator[tuple[float, Any]], *, sensitivity: int = 50, hold_s: float = 0.7
) -> list[tuple[float, float]]:
    """Start and end of each motion that the device would tell; an open end is the last time."""
    detector, alarm = Detector(sensitivity=sensitivity), Alarm()
    found: list[tuple[float, float]] = []
    began_s = at_s = 0.0
    for at_s, picture in pictures:
        moving = detector.look(picture, 1000 + at_s).moving
        if alarm.see(moving=moving, now_s=1000 + at_s, hold_s=hold_s):
            if alarm.active:
                began_s = at_s
            else:
                found.append((began_s, at_s))
    if alarm.active:
        found.append((began_s, at_s))
    return found


def nothing(canvas: Canvas, at_s: float) -> Canvas:
    return canvas


def box(
    canvas: Canvas, x: float, y: float, width: int, height: int, level: float = 200.0
) -> Canvas:
    left, top = round(x), round(y)
    canvas[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)] = level
    return canvas


def mover(
    *,
    start_s: float,
    speed: float,
    size: tuple[int, int],
    row: int = 90,
    level: float = 205.0,
    from_x: float | None = None,
) -> Painter:
    """A box that comes in from the left at start_s and crosses with `speed` pixels a second."""
    begin = -float(size[0]) if from_x is None else from_x

    def paint(canvas: Canvas, at_s: float) -> Canvas:
        if at_s < start_s:
            return canvas
        return box(canvas, begin + speed * (at_s - start_s), row, *size, level)

    return paint


def swaying(
    *, width: int = 10, height: int = 15, reach: float = 4.0, period_s: float = 2.0
) -> Painter:
    def paint(canvas: Canvas, at_s: float) -> Canvas:
        return box(canvas, 150 + reach * np.sin(2 * np.pi * at_s / period_s), 60, width, height)

    return paint


def lamp(light: Canvas | float, *, on_s: float, off_s: float, fade_s: float = 0.0) -> Painter:
    """light: what each pixel is multiplied with while the lamp is on."""

    def paint(canvas: Canvas, at_s: float) -> Canvas:
        if not on_s <= at_s < off_s:
            return canvas
        part = 1.0 if not fade_s else min(1.0, (at_s - on_s) / fade_s)
        return np.asarray(canvas * (1 + (light - 1) * part), np.float32)

    return paint


def soft_light(strength: float, radius: float, x: float = 110, y: float = 80) -> Canvas:
    distance = ((ACROSS - x) ** 2 + (DOWN - y) ** 2) / radius**2
    return np.asarray(1 + strength * np.exp(-distance), np.float32)


def hard_light(strength: float, part: float) -> Canvas:
    """The left part of the picture, with an edge as sharp as a window's."""
    return np.where(part * WIDTH > ACROSS, 1 + strength, 1.0).astype(np.float32)


def both(*painters: Painter) -> Painter:
    def paint(canvas: Canvas, at_s: float) -> Canvas:
        for each in painters:
            canvas = each(canvas, at_s)
        return canvas

    return paint
