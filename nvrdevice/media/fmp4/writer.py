"""An initialisation segment and fragments of one video track. Pure.

The first boxes of a fragment lie at fixed places, which static/js/player.js reads: the sequence
number at byte 20, the time at byte 60, whether it is a key picture in byte 97.
"""

import struct

from nvrdevice.media.fmp4.boxes import box, full_box
from nvrdevice.media.fmp4.picture import Picture

TICKS_S = 90_000
TRACK = 1
UNIT_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
DEFAULT_BASE_IS_MOOF = 0x020000
# Data offset, and of each sample: duration, size, flags, distance from decoding to showing.
RUN_FLAGS = 0x000001 | 0x000100 | 0x000200 | 0x000400 | 0x000800
KEY_SAMPLE, OTHER_SAMPLE = 0x02000000, 0x01010000  # depends on none; on others, not a sync one
FRAGMENT_OVERHEAD = 112  # bytes a fragment adds to its sample


def init_segment(picture: Picture, *, duration: int | None = None) -> bytes:
    """Without a duration: players take that as live and hold no frames back. A file that is
    still being written says 0, and the ticks of its length in the same place when it ends.
    """
    length = b"" if duration is None else full_box(b"mehd", 1, 0, struct.pack(">Q", duration))
    brands = struct.pack(">4sI4s4s4s", b"iso6", 0, b"iso6", b"mp41", picture.sample_entry)
    movie = box(
        b"moov",
        full_box(
            b"mvhd", 0, 0,
            struct.pack(">IIIIIH10x", 0, 0, TICKS_S, 0, 0x10000, 0x100),
            UNIT_MATRIX,
            struct.pack(">24xI", TRACK + 1),
        ),
        _track(picture),
        box(b"mvex", length, full_box(b"trex", 0, 0, struct.pack(">IIIII", TRACK, 1, 0, 0, 0))),
    )  # fmt: skip
    return box(b"ftyp", brands) + movie


def _track(picture: Picture) -> bytes:
    across, down = picture.pixel_shape
    shown_width = picture.width * across // down
    size = struct.pack(">II", shown_width << 16, picture.height << 16)
    header = full_box(
        b"tkhd", 0, 3, struct.pack(">IIIII8xhhhxx", 0, 0, TRACK, 0, 0, 0, 0, 0), UNIT_MATRIX, size
    )
    undetermined = 0x55C4  # the language "und"
    media = box(
        b"mdia",
        full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, TICKS_S, 0, undetermined, 0)),
        full_box(b"hdlr", 0, 0, struct.pack(">4x4s12x", b"vide"), b"Video\0"),
        box(
            b"minf",
            full_box(b"vmhd", 0, 1, bytes(8)),
            box(b"dinf", full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1))),
            box(
                b"stbl",
                full_box(b"stsd", 0, 0, struct.pack(">I", 1), _sample_entry(picture)),
                full_box(b"stts", 0, 0, bytes(4)),
                full_box(b"stsc", 0, 0, bytes(4)),
                full_box(b"stsz", 0, 0, bytes(8)),
                full_box(b"stco", 0, 0, bytes(4)),
            ),
        ),
    )
    return box(b"trak", header, media)


def _sample_entry(picture: Picture) -> bytes:
    shape = box(b"pasp", struct.pack(">II", *picture.pixel_shape))
    return box(
        picture.sample_entry,
        struct.pack(
            ">6xH16xHHIIIH32xHh",
            1,
            picture.width,
            picture.height,
            72 << 16,
            72 << 16,
            0,
            1,
            24,
            -1,
        ),
        picture.configuration,
        shape if picture.pixel_shape != (1, 1) else b"",
    )


def fragment(
    sample: bytes, *, sequence: int, decode_at: int, show_at: int, duration: int, key: bool
) -> bytes:
    """One sample (NAL units with lengths) at UTC ticks; duration says how long it is shown."""
    movie = box(
        b"moof",
        full_box(b"mfhd", 0, 0, struct.pack(">I", sequence & 0xFFFFFFFF)),
        box(
            b"traf",
            full_box(b"tfhd", 0, DEFAULT_BASE_IS_MOOF, struct.pack(">I", TRACK)),
            full_box(b"tfdt", 1, 0, struct.pack(">Q", decode_at)),
            full_box(
                b"trun", 1, RUN_FLAGS,
                struct.pack(
                    ">IIIIIi",
                    1,
                    FRAGMENT_OVERHEAD,  # from the first byte of moof to the sample
                    duration,
                    len(sample),
                    KEY_SAMPLE if key else OTHER_SAMPLE,
                    show_at - decode_at,
                ),
            ),
        ),
    )  # fmt: skip
    return movie + box(b"mdat", sample)
