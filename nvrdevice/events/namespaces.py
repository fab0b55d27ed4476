"""The namespaces that topics live in, by the prefix this device writes them with."""

TOPICS = "http://www.onvif.org/ver10/topics"
VENDOR_TOPICS = "urn:nvrdevice:topics"

PREFIXES = {"tns1": TOPICS, "nvr": VENDOR_TOPICS}

SCHEMA = "http://www.onvif.org/ver10/schema"
XML_SCHEMA = "http://www.w3.org/2001/XMLSchema"

# What the types of message items may be written with ("tt:ReferenceToken", "xs:boolean").
TYPE_PREFIXES = {"tt": SCHEMA, "xs": XML_SCHEMA}
