"""The ONVIF face: SOAP toolkit, services and the snapshot address."""
