"""glibc's heap, told to give memory back.

Encoders and decoders that come and go ask for megabytes from many threads. By default glibc
raises its own threshold for such blocks and keeps them scattered over one heap per thread: the
process grew by half a megabyte with each start of an encoder. With fixed bounds it stays flat.
Nor does it take pages of 2 MB, as x264 asks for: of those a small machine has none to spare.
"""

import ctypes

PR_SET_THP_DISABLE = 41  # prctl.h
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8  # M_… of malloc.h
BOUNDS = {TRIM_THRESHOLD: 1_000_000, MMAP_THRESHOLD: 131_072, ARENA_MAX: 2}


def bound() -> None:
    library = ctypes.CDLL(None)
    library.prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0)
    mallopt = getattr(library, "mallopt", None)
    if mallopt is None:  # other C libraries have none
        return
    for option, value in BOUNDS.items():
        mallopt(option, value)
