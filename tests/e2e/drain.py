"""A client that plays one stream and counts what came and what is missing, in a thread."""

import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench.rtsp_client import RtspClient


class Drain:
    """packets and pictures that came; gaps: sequence numbers that were left out."""

    def __init__(self, uri: str) -> None:
        self._client = RtspClient(uri)
        self.packets = self.pictures = self.gaps = 0
        self.longest_step = 0  # between two pictures, in RTP time
        self.ended = ""
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._client.play()
        self._thread.start()

    def stop(self) -> None:
        self._client.close()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        sequence = time = -1
        try:
            for _, channel, packet in self._client.packets():
                if channel != 0:
                    continue
                flags, number, stamp = struct.unpack_from("!xBHI", packet)
                if sequence >= 0 and number != (sequence + 1) & 0xFFFF:
                    self.gaps += 1
                if time >= 0:
                    self.longest_step = max(self.longest_step, (stamp - time) & 0x7FFFFFFF)
                sequence, time = number, stamp
                self.packets += 1
                self.pictures += flags >> 7
        except (OSError, ValueError) as error:
            self.ended = str(error) or type(error).__name__


@contextmanager
def draining(*uris: str) -> Iterator[list[Drain]]:
    with ExitStack() as stack:
        drains = []
        for uri in uris:
            drain = Drain(uri)
            stack.callback(drain.stop)
            drain.start()
            drains.append(drain)
        yield drains
