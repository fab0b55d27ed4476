"""glibc's heap, told to give memory back.

Encoders and decoders that come and go ask for megabytes from many threads. By default glibc
raises its own threshold for such blocks and keeps them scattered over one heap per thread: the
process grew by half a megabyte with each start of an encoder. With fixed bounds it stays flat.
"""

import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8  # M_… of malloc.h
BOUNDS = {TRIM_THRESHOLD: 1_000_000, MMAP_THRESHOLD: 131_072, ARENA_MAX: 2}


def bound() -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:  # other C libraries have none
        return
    for option, value in BOUNDS.items():
        mallopt(option, value)
