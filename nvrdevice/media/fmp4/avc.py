"""H.264: what its parameter sets say, and the box avcC made of them (ISO/IEC 14496-15, 5.3)."""

import struct
from dataclasses import dataclass

from nvrdevice.lib.errors import DeviceError
from nvrdevice.media.fmp4.bits import Bits
from nvrdevice.media.fmp4.boxes import box
from nvrdevice.media.fmp4.picture import Picture

IDR, SPS, PPS = 5, 7, 8
# Not part of a sample: parameter sets, delimiters, ends and filler. Decoders need none of them.
LEFT_OUT = frozenset({SPS, PPS, 9, 10, 11, 12})
WITH_CHROMA = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
CONSTRAINED = (66, 77, 88)  # profiles in which constraint_set0 or 1 rules B pictures out
EXTENDED_SHAPE = 255
# H.264 table E-1, from index 1 on.
PIXEL_SHAPES = (
    (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11), (80, 33),
    (18, 11), (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """What of a sequence parameter set concerns a container."""

    width: int
    height: int
    chroma: int
    depth_luma: int
    depth_chroma: int
    pixel_shape: tuple[int, int]
    reordered: int


def kind(unit: bytes) -> int:
    return unit[0] & 0x1F


def read_picture(units: list[bytes]) -> Picture | None:
    """From the parameter sets of a key picture; None where it has none."""
    sets = list(dict.fromkeys(unit for unit in units if kind(unit) == SPS and len(unit) > 4))
    pictures = list(dict.fromkeys(unit for unit in units if kind(unit) == PPS))
    if not sets or not pictures:
        return None
    found = read_sequence(sets[0])
    return Picture(
        codec=f"avc1.{sets[0][1:4].hex().upper()}",
        width=found.width,
        height=found.height,
        pixel_shape=found.pixel_shape,
        reordered=found.reordered,
        sample_entry=b"avc1",
        configuration=_avcc(sets, pictures, found),
    )


def _avcc(sets: list[bytes], pictures: list[bytes], found: Sequence) -> bytes:
    parts = [b"\1", sets[0][1:4], b"\xff", bytes([0xE0 | len(sets)])]
    parts += [struct.pack(">H", len(unit)) + unit for unit in sets]
    parts.append(bytes([len(pictures)]))
    parts += [struct.pack(">H", len(unit)) + unit for unit in pictures]
    if sets[0][1] not in CONSTRAINED:
        depths = 0xF8 | found.depth_luma - 8, 0xF8 | found.depth_chroma - 8
        parts.append(bytes([0xFC | found.chroma, *depths, 0]))
    return box(b"avcC", *parts)


def read_sequence(unit: bytes) -> Sequence:
    """A sequence parameter set, H.264 7.3.2.1.1."""
    bits = Bits(unit[1:])
    profile, constraints = bits.read(8), bits.read(8)
    bits.skip(8)
    bits.unsigned()
    chroma, depth_luma, depth_chroma, planes = 1, 8, 8, False
    if profile in WITH_CHROMA:
        chroma = bits.unsigned()
        planes = chroma == 3 and bits.flag()
        depth_luma, depth_chroma = 8 + bits.unsigned(), 8 + bits.unsigned()
        bits.skip(1)
        if bits.flag():
            _skip_scaling(bits, 12 if chroma == 3 else 8)
    bits.unsigned()
    in_order = _skip_order(bits)
    bits.unsigned()
    bits.skip(1)
    width, height = 16 * (bits.unsigned() + 1), 16 * (bits.unsigned() + 1)
    fields = not bits.flag()
    if fields:
        height *= 2
        bits.skip(1)
    bits.skip(1)
    if bits.flag():
        across = 1 if planes or chroma in (0, 3) else 2
        down = (2 if chroma == 1 and not planes else 1) * (2 if fields else 1)
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
        width -= across * (left + right)
        height -= down * (top + bottom)
    shape, reordered = _read_usability(bits)
    if in_order or (profile == 66 and constraints & 0x80):
        reordered = 0
    return Sequence(
        width=width,
        height=height,
        chroma=chroma,
        depth_luma=depth_luma,
        depth_chroma=depth_chroma,
        pixel_shape=shape,
        reordered=min(reordered, 16),
    )


def _skip_scaling(bits: Bits, lists: int) -> None:
    for index in range(lists):
        if bits.flag():
            last = following = 8
            for _ in range(16 if index < 6 else 64):
                if following:
                    following = (last + bits.signed()) % 256
                last = following or last


def _skip_order(bits: Bits) -> bool:
    """Whether pictures are sent in the order in which they are shown."""
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.skip(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.unsigned(), 255)):
            bits.signed()
    return order == 2


def _read_usability(bits: Bits) -> tuple[tuple[int, int], int]:
    """Pixel shape and number of reordered pictures (annex E).

    Cameras write nonsense here, and nothing in it is needed: what can be read counts.
    """
    shape = (1, 1)
    try:
        if not bits.flag():
            return shape, 0
        if bits.flag():
            index = bits.read(8)
            if index == EXTENDED_SHAPE:
                shape = bits.read(16), bits.read(16)
            elif 0 < index <= len(PIXEL_SHAPES):
                shape = PIXEL_SHAPES[index - 1]
        if not all(shape):
            shape = (1, 1)
        if bits.flag():
            bits.skip(1)
        if bits.flag():
            bits.skip(4)
            if bits.flag():
                bits.skip(24)
        if bits.flag():
            bits.unsigned()
            bits.unsigned()
        if bits.flag():
            bits.skip(65)
        buffers = [_skip_buffer(bits) for _ in range(2)]
        if any(buffers):
            bits.skip(1)
        bits.skip(1)
        if not bits.flag():
            return shape, 0
        bits.skip(1)
        for _ in range(4):
            bits.unsigned()
        return shape, bits.unsigned()
    except DeviceError:
        return shape, 0


def _skip_buffer(bits: Bits) -> bool:
    """Hypothetical reference decoder parameters, E.1.2."""
    there = bits.flag()
    if there:
        count = bits.unsigned() + 1
        bits.skip(8)
        for _ in range(min(count, 32)):
            bits.unsigned()
            bits.unsigned()
            bits.skip(1)
        bits.skip(20)
    return there
