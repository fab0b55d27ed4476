"""H.265: what its parameter sets say, and the box hvcC made of them (ISO/IEC 14496-15, 8.3)."""

import struct
from dataclasses import dataclass

from nvrdevice.media.fmp4.bits import Bits
from nvrdevice.media.fmp4.boxes import box
from nvrdevice.media.fmp4.picture import Picture

VPS, SPS, PPS = 32, 33, 34
LEFT_OUT = frozenset({VPS, SPS, PPS, 35, 36, 37, 38})
TIERS = ("L", "H")
SPACES = ("", "A", "B", "C")


@dataclass(frozen=True, kw_only=True)
class Sequence:
    width: int
    height: int
    profile: bytes  # general_profile_space to general_level_idc: 12 bytes
    layers: int
    nested: bool
    chroma: int
    depth_luma: int
    depth_chroma: int
    reordered: int


def kind(unit: bytes) -> int:
    return unit[0] >> 1 & 0x3F


def read_picture(units: list[bytes]) -> Picture | None:
    """From the parameter sets of a key picture; None where one is missing."""
    sets = {
        wanted: list(dict.fromkeys(unit for unit in units if kind(unit) == wanted))
        for wanted in (VPS, SPS, PPS)
    }
    if not all(sets.values()):
        return None
    found = read_sequence(sets[SPS][0])
    return Picture(
        codec=codec_name(found.profile),
        width=found.width,
        height=found.height,
        reordered=found.reordered,
        sample_entry=b"hvc1",
        configuration=_hvcc(sets, found),
    )


def codec_name(profile: bytes) -> str:
    """As ISO/IEC 14496-15 E.3 writes it: hvc1.1.6.L93.B0."""
    space, tier, idc = profile[0] >> 6, profile[0] >> 5 & 1, profile[0] & 0x1F
    compatible = int(f"{int.from_bytes(profile[1:5]):032b}"[::-1], 2)
    constraints = profile[5:11].rstrip(b"\0")
    name = f"hvc1.{SPACES[space]}{idc}.{compatible:X}.{TIERS[tier]}{profile[11]}"
    return name + "".join(f".{each:X}" for each in constraints)


def _hvcc(sets: dict[int, list[bytes]], found: Sequence) -> bytes:
    parts = [
        b"\1",
        found.profile,
        struct.pack(">H", 0xF000),  # no minimum of spatial segmentation
        bytes([0xFC, 0xFC | found.chroma]),
        bytes([0xF8 | found.depth_luma - 8, 0xF8 | found.depth_chroma - 8]),
        struct.pack(">H", 0),
        bytes([found.layers << 3 | found.nested << 2 | 3, len(sets)]),
    ]
    for wanted, units in sets.items():
        parts.append(struct.pack(">BH", 0x80 | wanted, len(units)))
        parts += [struct.pack(">H", len(unit)) + unit for unit in units]
    return box(b"hvcC", *parts)


def read_sequence(unit: bytes) -> Sequence:
    """A sequence parameter set, H.265 7.3.2.2, up to the bit depths and the order of pictures."""
    bits = Bits(unit[2:])
    bits.skip(4)
    layers = bits.read(3) + 1
    nested = bits.flag()
    profile = bytes(bits.read(8) for _ in range(12))
    _skip_layers(bits, layers)
    bits.unsigned()
    chroma = bits.unsigned()
    planes = chroma == 3 and bits.flag()
    width, height = bits.unsigned(), bits.unsigned()
    if bits.flag():
        across = 2 if chroma in (1, 2) and not planes else 1
        down = 2 if chroma == 1 else 1
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
        width -= across * (left + right)
        height -= down * (top + bottom)
    depth_luma, depth_chroma = 8 + bits.unsigned(), 8 + bits.unsigned()
    bits.unsigned()
    reordered = 0
    for _ in range(layers if bits.flag() else 1):
        bits.unsigned()
        reordered = max(reordered, bits.unsigned())
        bits.unsigned()
    return Sequence(
        width=width,
        height=height,
        profile=profile,
        layers=layers,
        nested=nested,
        chroma=chroma,
        depth_luma=depth_luma,
        depth_chroma=depth_chroma,
        reordered=min(reordered, 16),
    )


def _skip_layers(bits: Bits, layers: int) -> None:
    """The profiles and levels of sub-layers, 7.3.3."""
    if layers == 1:
        return
    told = [(bits.flag(), bits.flag()) for _ in range(layers - 1)]
    bits.skip(2 * (8 - (layers - 1)))
    for profile, level in told:
        bits.skip(88 if profile else 0)
        bits.skip(8 if level else 0)
