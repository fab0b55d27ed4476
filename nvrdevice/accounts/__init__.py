"""Users, roles and their access classes; password and digest checks; slow-down."""

REALM = "nvrdevice"  # of HTTP and RTSP Digest; a change would void every HA1
