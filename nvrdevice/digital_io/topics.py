"""The events of inputs and outputs, as Device IO describes the two triggers."""

from nvrdevice.events import topics

INPUT = topics.declare(
    "tns1:Device/Trigger/DigitalInput",
    is_property=True,
    source={"InputToken": "tt:ReferenceToken"},
    data={"LogicalState": "xs:boolean"},
)
RELAY = topics.declare(
    "tns1:Device/Trigger/Relay",
    is_property=True,
    source={"RelayToken": "tt:ReferenceToken"},
    data={"LogicalState": "tt:RelayLogicalState"},
)
ACTIVE, INACTIVE = "active", "inactive"
