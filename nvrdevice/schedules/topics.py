"""The event of a schedule's edges, as ONVIF's schedule service describes it.

Its token is its name. SpecialDay tells that the date has windows of its own. Tokens of pt: (PACS)
and of tt: are of one type; tt: is the prefix every client knows.
"""

from nvrdevice.events import topics

ACTIVE = topics.declare(
    "tns1:Schedule/State/Active",
    is_property=True,
    source={"ScheduleToken": "tt:ReferenceToken", "Name": "xs:string"},
    data={"Active": "xs:boolean", "SpecialDay": "xs:boolean"},
)
