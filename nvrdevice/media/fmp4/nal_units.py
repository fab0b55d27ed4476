"""From a byte stream with start codes (Annex B) to NAL units, and to the form MP4 holds them in."""

from collections.abc import Iterable, Iterator

START = b"\0\0\1"


def split(stream: bytes) -> Iterator[bytes]:
    """The NAL units of one access unit, without start codes and the zeros before those."""
    begin = stream.find(START)
    while begin >= 0:
        begin += len(START)
        end = stream.find(START, begin)
        unit = stream[begin:] if end < 0 else stream[begin:end]
        unit = unit.rstrip(b"\0")  # a NAL unit never ends with one (H.264 7.4.1)
        if unit:
            yield unit
        begin = end


def with_lengths(units: Iterable[bytes]) -> bytes:
    """Each unit behind its length in four bytes."""
    return b"".join(part for unit in units for part in (len(unit).to_bytes(4), unit))
