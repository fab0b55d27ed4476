"""The event that tells of a process of this device that ended unasked.

ONVIF has no topic for it; a vendor's own name under Monitoring is how Core 9.4.2 adds one.
"""

from nvrdevice.events import topics

PROCESS_ENDED = topics.declare(
    "tns1:Monitoring/nvr:ProcessEnded",
    source={"Process": "xs:string"},
    data={"Reason": "xs:string", "RestartDelay": "xs:float"},
)
