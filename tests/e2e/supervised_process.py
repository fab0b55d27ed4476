"""`manage.py` as a process whose main loop the test can hang: run with -m.

SIGUSR1: hang the main thread until the file beside NOTIFY_SOCKET named "go-on" is there.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any


def main() -> int:
    folder = Path(os.environ["NOTIFY_SOCKET"]).parent

    def hang(*_: Any) -> None:
        (folder / "hangs").touch()
        while not (folder / "go-on").exists():
            time.sleep(0.05)

    signal.signal(signal.SIGUSR1, hang)
    import manage

    return manage.main()


if __name__ == "__main__":
    sys.exit(main())
