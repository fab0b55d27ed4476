"""Every bound of the web server in one place: sizes, counts and deadlines.

An NVR sends a few kB and is done in milliseconds; what is far beyond that is cut off before it
costs memory, a file or a thread.
"""

import re
from dataclasses import dataclass, field

KB = 1000
# Where a body is JSON, so is what refuses it; pages and ONVIF are refused without a word.
JSON_PATHS = re.compile(
    rb"/(users|device|media|api|events/(pull|subscription|schedules|mode|digital)"
    rb"|recording/(jobs|schedules)|ptz/(move|stop))(/|\Z)"
)
TOO_LARGE = (
    b'{"error":{"kind":"limit","code":"body_too_large","text":"A body is at most %d kB here: '
    b'send less.","field":null}}'
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    connections: int = 1000  # 300 waiting pulls, streams and pages, three times over
    connections_per_address: int = 128  # a NAT or proxy has many people behind one address
    header_bytes: int = 16_384
    header_count: int = 100
    header_s: float = 10.0
    idle_s: float = 60.0  # between two requests of one connection
    body_s: float = 15.0
    body_bytes_per_s: int = 50_000  # what a body may take beyond body_s
    stalled_s: float = 60.0  # an answer of which the client takes nothing
    refuse_s: float = 1.0  # for a refused client to read why
    handover_s: float = 3.0  # for the media process to take an RTSP connection
    websocket_message_bytes: int = 64 * KB
    websocket_waiting: int = 64  # messages received and not yet looked at
    # Request bodies by path, the longest prefix that fits.
    body_bytes: dict[bytes, int] = field(
        default_factory=lambda: {b"/": 256 * KB, b"/onvif/": 1000 * KB}
    )

    def body_limit(self, uri: bytes) -> int:
        path = uri.partition(b"?")[0]
        fitting = [prefix for prefix in self.body_bytes if path.startswith(prefix)]
        return self.body_bytes[max(fitting, key=len)] if fitting else 0

    def too_large(self, uri: bytes) -> bytes:
        """What a client reads whose body is beyond the limit."""
        spoken = JSON_PATHS.match(uri.partition(b"?")[0])
        return TOO_LARGE % (self.body_limit(uri) // KB) if spoken else b""

    def body_deadline_s(self, length: int) -> float:
        return self.body_s + length / self.body_bytes_per_s


LIMITS = Limits()
