#!/usr/bin/env python3
"""Django's command line for this device; people call it as ./nvr manage."""

import os
import sys


def main() -> int:
    os.umask(0o077)  # database, logs and documents are nobody else's business
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nvrdevice.settings")
    if sys.argv[1:2] == ["rundevice"]:
        os.environ.setdefault("NVR_PROCESS", "device")  # the name of its log file
    from django.core.management import execute_from_command_line

    from nvrdevice.lib.errors import DeviceError

    try:
        execute_from_command_line(sys.argv)
    except DeviceError as error:
        print(f"nvr: {error.text}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:  # at a prompt, or while a command looks at the network
        print(file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
