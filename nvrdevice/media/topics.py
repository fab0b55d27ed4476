"""The events of the media noun."""

from nvrdevice.events import topics

# Imaging, SignalLoss: a property of each source, true while its signal is gone.
SIGNAL_LOSS = "tns1:VideoSource/SignalLoss"

topics.declare(
    SIGNAL_LOSS,
    is_property=True,
    source={"Source": "tt:ReferenceToken"},
    data={"State": "xs:boolean"},
)

# Media2, Events. Told by nvrdevice.media.changes.
PROFILE_CHANGED = "tns1:Media/ProfileChanged"
CONFIGURATION_CHANGED = "tns1:Media/ConfigurationChanged"

topics.declare(PROFILE_CHANGED, source={"Token": "tt:ReferenceToken"})
topics.declare(CONFIGURATION_CHANGED, source={"Token": "tt:ReferenceToken", "Type": "xs:string"})
