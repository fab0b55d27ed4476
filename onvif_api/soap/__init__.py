"""The SOAP toolkit: envelope, security, dispatch and faults; knows no noun but accounts."""
