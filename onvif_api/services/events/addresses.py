"""Which subscription a request means: by its own address, or by what WS-Addressing says.

A client speaks to the address CreatePullPointSubscription gave it. Some send everything to the
event service instead and name the subscription in wsa:To only.
"""

import re
from urllib.parse import urlsplit

from nvrdevice.events.refusals import Reason, Refused
from onvif_api.soap.call import Call

PREFIX = "/onvif/subscriptions/"
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,43}")


def subscription_address(call: Call, token: str) -> str:
    return f"{call.base_url}{PREFIX}{token}"


def subscription_token(call: Call) -> str:
    """The token the request is about; Refused where it names none."""
    for path in (call.path, _path_of(call.wsa.to)):
        token = path.removeprefix(PREFIX)
        if path.startswith(PREFIX) and TOKEN.fullmatch(token):
            return token
    raise Refused(
        Reason.UNKNOWN_PULL_POINT,
        "Send this to the address that CreatePullPointSubscription returned.",
    )


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
