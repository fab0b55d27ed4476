"""What an MP4 must say of a stream before its first picture."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Two equal ones can share one initialisation segment."""

    codec: str  # as browsers name it: "avc1.42C01F", "hvc1.1.6.L93.B0"
    width: int
    height: int
    pixel_shape: tuple[int, int] = (1, 1)  # width to height of a pixel
    reordered: int = 0  # how many pictures may be shown before one that was sent earlier
    sample_entry: bytes  # the four letters of the codec
    configuration: bytes  # the box avcC or hvcC
