"""GStreamer's own client as a person runs it: what it received counts, not its last word.

rtspsrc that is stopped at its goal breaks off its own PAUSE. In one run of thirty, through a
tunnel of HTTP, it calls that a failure, and once in thousands it never ends.
"""

import contextlib
import subprocess
from pathlib import Path

LIMIT_S = 30
JOIN = 30  # pictures


def pictures(uri: str, received: Path, *, goal: int) -> int:
    """How many pictures of the H.264 at uri it wrote to received that can be decoded.

    It takes JOIN more than goal: who comes within a second of another client of the same stream
    waits up to a second for the key frame that the pictures before it cannot be decoded without.
    """
    command = [
        "gst-launch-1.0", "-q", "rtspsrc", f"location={uri}", "tls-validation-flags=0", "!",
        "rtph264depay", "!", "video/x-h264,stream-format=byte-stream,alignment=au", "!",
        "identity", f"eos-after={goal + JOIN}", "!", "filesink", f"location={received}",
    ]  # fmt: skip
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, capture_output=True, timeout=LIMIT_S, check=False)
    counted = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames",
         "-of", "csv=p=0", str(received)],
        capture_output=True, text=True, timeout=LIMIT_S, check=True,
    )  # fmt: skip
    return int(counted.stdout)
