"""The two events of motion; every NVR knows at least one of them.

Imaging "MotionAlarm" names no items: State and a Source of a video source token are what all
cameras send and what Home Assistant reads by position. Analytics, appendix "Cell motion
detector", gives the items of the second.
"""

from nvrdevice.events import topics

ALARM = topics.declare(
    "tns1:VideoSource/MotionAlarm",
    is_property=True,
    source={"Source": "tt:ReferenceToken"},
    data={"State": "xs:boolean"},
)
CELLS = topics.declare(
    "tns1:RuleEngine/CellMotionDetector/Motion",
    is_property=True,
    source={
        "VideoSourceConfigurationToken": "tt:ReferenceToken",
        "VideoAnalyticsConfigurationToken": "tt:ReferenceToken",
        "Rule": "xs:string",
    },
    data={"IsMotion": "xs:boolean"},
)
