"""Item values as ONVIF writes them: what is kept in the journal is the text that is sent."""

import re
from datetime import datetime

from nvrdevice.lib.clock import iso_utc

Value = str | bool | int | float | datetime

LENGTH_LIMIT = 2048
# What XML 1.0 cannot carry at all would make every later answer unreadable.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return iso_utc(value)
    if isinstance(value, int | float):
        return format(value, "g") if isinstance(value, float) else str(value)
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value)[:LENGTH_LIMIT]
