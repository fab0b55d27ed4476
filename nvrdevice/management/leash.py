"""How a child of rundevice begins: tied to its parent, so that no orphan keeps a port.

`python -m nvrdevice.management.leash PARENT COMMAND …` asks the kernel to be killed with the
parent, also when that one is killed itself, then becomes `manage.py COMMAND …` in this process.
It imports next to nothing, so that the tie is there before anything else can fail.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
ARGUMENTS = slice(47, 49)  # arg_start and arg_end in proc_pid_stat(5), counted from pid


def tie_to(parent: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the tie was there
        sys.exit(1)


def rename(command: str) -> None:
    """Show a fork as `manage.py COMMAND` to who lists processes: it has its parent's words."""
    after_name = Path("/proc/self/stat").read_text().rpartition(") ")[2].split()
    begin, end = (int(word) for word in ["", "", *after_name][ARGUMENTS])
    words = b"\0".join(os.fsencode(word) for word in (sys.executable, "manage.py", command))
    # Linux shows what stands in that place, whoever wrote it.
    ctypes.memmove(begin, words[: end - begin - 1].ljust(end - begin, b"\0"), end - begin)


def main() -> int:
    tie_to(int(sys.argv[1]))
    import manage

    sys.argv = ["manage.py", *sys.argv[2:]]
    return manage.main()


if __name__ == "__main__":
    sys.exit(main())
