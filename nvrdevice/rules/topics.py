"""The event of a rule that acted too often and rests now; ONVIF has no topic for it."""

from nvrdevice.events import topics

RESTS = topics.declare(
    "tns1:Monitoring/nvr:RuleRests",
    source={"Rule": "xs:string"},
    data={"Seconds": "xs:float"},
)
