"""The events of recording: ONVIF's own, and two of the vendor for what ONVIF has no words for."""

from nvrdevice.events import topics

# Recording Control, "Recording job state changes". Information may be left out where the state
# of all tracks is the same, which here it always is.
JOB_STATE = topics.declare(
    "tns1:RecordingConfig/JobState",
    is_property=True,
    source={"RecordingJobToken": "tt:RecordingJobReference"},
    data={"State": "xs:string"},
)
# Recording Search, "Recording event descriptions".
RECORDING_STATE = topics.declare(
    "tns1:RecordingHistory/Recording/State",
    is_property=True,
    source={"RecordingToken": "tt:ReferenceToken"},
    data={"IsRecording": "xs:boolean"},
)
TRACK_STATE = topics.declare(
    "tns1:RecordingHistory/Track/State",
    is_property=True,
    source={"RecordingToken": "tt:ReferenceToken", "Track": "tt:ReferenceToken"},
    data={"IsDataPresent": "xs:boolean"},
)
# Recording Control, "Data deletion".
DELETED = topics.declare(
    "tns1:RecordingConfig/DeleteTrackData",
    source={"RecordingToken": "tt:RecordingReference", "TrackToken": "tt:TrackReference"},
    data={"StartTime": "xs:dateTime", "EndTime": "xs:dateTime"},
)
# Core, "Hardware failure".
STORAGE_FAILURE = topics.declare(
    "tns1:Device/HardwareFailure/StorageFailure",
    is_property=True,
    source={"Token": "tt:ReferenceToken"},
    data={"Failed": "xs:boolean"},
)
# How the storage does: ok, full, read-only, gone, broken or slow.
STORAGE = topics.declare(
    "tns1:Monitoring/nvr:Storage",
    is_property=True,
    source={"Token": "tt:ReferenceToken"},
    data={"State": "xs:string", "Reason": "xs:string"},
)
# A reason to record that somebody gave: by hand, by a token of /recording/jobs, by a rule.
# Until: when it ends by itself.
TRIGGER = topics.declare(
    "tns1:RecordingConfig/nvr:Trigger",
    is_property=True,
    source={"Source": "tt:ReferenceToken", "Token": "xs:string"},
    data={"State": "xs:boolean", "Until": "xs:dateTime"},
)
