"""How a child of rundevice begins: tied to its parent, so that no orphan keeps a port.

`python -m nvrdevice.management.leash PARENT COMMAND …` asks the kernel to be killed with the
parent, also when that one is killed itself, then becomes `manage.py COMMAND …` in this process.
It imports next to nothing, so that the tie is there before anything else can fail.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to(parent: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the tie was there
        sys.exit(1)


def main() -> int:
    tie_to(int(sys.argv[1]))
    import manage

    sys.argv = ["manage.py", *sys.argv[2:]]
    return manage.main()


if __name__ == "__main__":
    sys.exit(main())
