"""How old a picture is when a client has it whole, and how soon a client that joins has one.

The age is measured from outside: a sender report of RTCP says which wall time an RTP time is,
and the last packet of a picture carries its RTP time.
"""

import time
from collections.abc import Iterator

from bench import stand
from bench.figures import Figure
from bench.rtsp_client import RtspClient
from tests.e2e.running_device import RunningDevice

LATENCY_LIMIT_MS, JOIN_LIMIT_MS = 20.0, 80.0
PICTURES = 500
JOINS = 20
PAUSE_S = 1.37  # a key frame is made at most once a second, and not in step with our asking
CLOCK_RATE = 90_000
SINCE_1900_S = 2_208_988_800
KEY_SLICE, AGGREGATE, FRAGMENT = 5, 24, 28  # NAL unit types of H.264 and of RFC 6184


def measure() -> list[Figure]:
    with stand.whole_device() as device, stand.players(device, "profile1"):
        ages_ms = _ages_ms(device)
        joins_ms = tuple(_join_ms(device) for _ in range(JOINS))
    return [
        Figure("capture to client", "ms", ages_ms, LATENCY_LIMIT_MS),
        Figure("capture to client, p99", "ms", (sorted(ages_ms)[int(len(ages_ms) * 0.99)],)),
        Figure("join to the first key frame", "ms", joins_ms, JOIN_LIMIT_MS),
    ]


def _ages_ms(device: RunningDevice) -> tuple[float, ...]:
    client = RtspClient(device.rtsp())
    client.play()
    reported: tuple[float, int] | None = None
    ages: list[float] = []
    for _, channel, packet in client.packets():
        now_s = time.time()
        if channel == 1 and packet[1] == 200:
            reported = _sender_report(packet)
        elif channel == 0 and packet[1] & 0x80 and reported is not None:
            wall_s, at = reported
            difference = (int.from_bytes(packet[4:8]) - at + (1 << 31)) % (1 << 32) - (1 << 31)
            ages.append((now_s - wall_s - difference / CLOCK_RATE) * 1000)
            if len(ages) == PICTURES:
                break
    client.close()
    return tuple(ages)


def _sender_report(packet: bytes) -> tuple[float, int]:
    """Wall time and the RTP time that goes with it (RFC 3550, 6.4.1)."""
    seconds, fraction = int.from_bytes(packet[8:12]), int.from_bytes(packet[12:16])
    return seconds - SINCE_1900_S + fraction / (1 << 32), int.from_bytes(packet[16:20])


def _join_ms(device: RunningDevice) -> float:
    """From the first byte to a whole key frame, DESCRIBE with Digest, SETUP and PLAY included."""
    time.sleep(PAUSE_S)
    began_s = time.monotonic()
    client = RtspClient(device.rtsp())
    client.play()
    took_ms = (next(_key_frames(client)) - began_s) * 1000
    client.close()
    return took_ms


def _key_frames(client: RtspClient) -> Iterator[float]:
    """The moments at which a key frame had come whole."""
    is_key = False
    for at_s, channel, packet in client.packets():
        if channel != 0:
            continue
        is_key |= KEY_SLICE in _kinds(packet[12:])
        if packet[1] & 0x80:
            if is_key:
                yield at_s
            is_key = False


def _kinds(payload: bytes) -> set[int]:
    """The NAL units in a packet."""
    kind = payload[0] & 31
    if kind == FRAGMENT:
        return {payload[1] & 31}
    if kind != AGGREGATE:
        return {kind}
    found, position = set(), 1
    while position + 2 < len(payload):
        found.add(payload[position + 2] & 31)
        position += 2 + int.from_bytes(payload[position : position + 2])
    return found
