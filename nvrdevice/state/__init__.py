"""The YAML documents: what people may read and edit by hand.

Each noun declares its own section once, as a frozen dataclass with titles, help and bounds
(`@section` and `setting`). `read` gives the section as it is now, `update` changes it: locked
between processes, validated, written atomically, with a doorbell for those who act on it.
"""

from nvrdevice.state.fields import Setting, describe, setting
from nvrdevice.state.store import (
    Store,
    document_names,
    obstacle,
    problems,
    read,
    saved_at,
    section,
    sections_of,
    update,
    update_all,
    use,
)

__all__ = [
    "Setting",
    "Store",
    "describe",
    "document_names",
    "obstacle",
    "problems",
    "read",
    "saved_at",
    "section",
    "sections_of",
    "setting",
    "update",
    "update_all",
    "use",
]
