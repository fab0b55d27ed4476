"""Files of a recording with their index, made of real pictures, for whoever reads them."""

from datetime import datetime

from nvrdevice.media.fmp4.boxer import Boxer, Fragment, Init
from nvrdevice.recordings import index, segment_file
from nvrdevice.recordings.models import Segment
from nvrdevice.recordings.segment_file import Label, SegmentWriter
from tests.nvrdevice.media.encoded import FPS, START_NS, EncodedUnit, units

RECORDING = "recording-source1"


def add(
    at: datetime, *, sequence: int, kind: str = "H264", size: str = "320x180", close: bool = True
) -> Segment:
    """Two seconds that begin at a moment."""
    place = index.folder()
    place.claim()
    shift = index.nanoseconds(at) - START_NS
    boxer = Boxer(kind.split()[0], fps=FPS)
    writer: SegmentWriter | None = None
    relative, init = "", None
    for unit in units(kind, size):
        moved = EncodedUnit(unit.data, unit.time_ns, unit.wall_ns + shift, unit.key)
        for piece in boxer.take(moved):
            if isinstance(piece, Init):
                init = piece
            elif isinstance(piece, Fragment):
                if writer is None:
                    part = segment_file.read_part(piece.data, 0, base=0)
                    assert part is not None and init is not None
                    label = Label(
                        recording=RECORDING,
                        source="source1",
                        profile="profile1",
                        sequence=sequence,
                        start_ns=piece.wall_ns,
                        base=part.decode_at,
                        codec=init.picture.codec,
                        width=init.picture.width,
                        height=init.picture.height,
                    )
                    relative, path = place.place(label)
                    path.unlink(missing_ok=True)
                    writer = SegmentWriter(path, label, init.picture)
                    index.note_opened(relative, label)
                writer.append(piece)
    assert writer is not None
    if close:
        writer.close()
        index.note_closed(relative, writer.label, end_ns=writer.end_ns, size=writer.size)
    else:
        writer.give_up()
    return Segment.objects.get(path=relative)
