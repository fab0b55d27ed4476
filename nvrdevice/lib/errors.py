"""The one exception family of the device.

A noun raises DeviceError; each face (SOAP, REST, page, command line) has one mapper that
turns it into its own form. Nobody else builds an error answer.
"""

import enum


class Kind(enum.Enum):
    """What went wrong, in the smallest set every face can map."""

    INVALID = "invalid"  # an argument is wrong
    MISSING = "missing"  # the thing named does not exist
    CONFLICT = "conflict"  # it exists already, is in use, or is fixed
    LIMIT = "limit"  # no room for one more
    UNAUTHENTICATED = "unauthenticated"  # who are you?
    FORBIDDEN = "forbidden"  # we know you, and you may not
    UNSUPPORTED = "unsupported"  # this device has no such function
    UNAVAILABLE = "unavailable"  # it has, but a part is down just now
    INTERNAL = "internal"


class DeviceError(Exception):
    """A refusal a person can act on.

    text: one plain sentence that names what was wrong and what would be right.
    subcode: ONVIF subcodes without prefix, outer first ("InvalidArgVal/NoProfile"); a face
        that needs one and finds none takes the default of the kind.
    field: the setting, form field or argument concerned, where there is one.
    """

    def __init__(
        self, kind: Kind, text: str, *, subcode: str = "", field: str | None = None
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.subcode = subcode
        self.field = field
