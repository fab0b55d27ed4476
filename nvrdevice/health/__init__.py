"""Is the device well? A list of checks, each with a plain sentence and what to do about it.

Looking changes nothing and takes no longer than a few seconds whatever is broken.
"""

from nvrdevice.health.check import Check, Level, worst
from nvrdevice.health.self_test import recent, report

__all__ = ["Check", "Level", "recent", "report", "worst"]
