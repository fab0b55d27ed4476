"""python -m bench.publisher: publishes an event for each line it reads, as motion does.

Answers each line with the wall time at which it began to. A process of its own, since the web
process that is measured must hear of the event as it always does: by the doorbell.
"""

import os
import sys
import time


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nvrdevice.settings")
    import django

    django.setup()
    from nvrdevice.events import publish
    from nvrdevice.motion import topics

    active = False
    print("ready", flush=True)
    for _ in sys.stdin:
        active = not active
        began_s = time.time()
        publish(topics.ALARM.name, {"Source": "source1"}, {"State": active})
        print(began_s, flush=True)


if __name__ == "__main__":
    main()
