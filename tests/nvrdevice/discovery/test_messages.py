"""Requests are understood whatever their prefixes; answers have what clients look for, in order."""

import pytest
from lxml import etree

from nvrdevice.discovery import messages
from nvrdevice.discovery.messages import DN, TDS, A, D, Description, Probe, Resolve, S, Sequence
from tests.nvrdevice.discovery import probes
from tests.nvrdevice.discovery.probes import Heard

EYE = Description(
    endpoint="urn:uuid:b4c23cb8-88b4-5abc-a32f-af3d51c103e4",
    scopes=("onvif://www.onvif.org/Profile/Streaming", "onvif://www.onvif.org/name/Eye"),
    xaddrs=("http://192.0.2.7/onvif/device_service", "http://[fd00::7]/onvif/device_service"),
    metadata_version=3,
)
# The examples of the official tests, annex "Example of requests for namespaces test cases".
NAMESPACES = {
    "default namespace in each tag": f"""<Envelope xmlns="{S}"><Header>
<MessageID xmlns="{A}">uuid:9c35aca0-d1cc-41bf-a932-2dd0fe45cc87</MessageID>
<Action xmlns="{A}">{D}/Probe</Action></Header><Body><Probe xmlns="{D}">
<Types xmlns:dn="{DN}">dn:NetworkVideoTransmitter</Types>
<Scopes>onvif://www.onvif.org/type onvif://www.onvif.org/name</Scopes></Probe></Body></Envelope>""",
    "strange prefixes": f"""<q:Envelope xmlns:q="{S}" xmlns:w="{A}" xmlns:x="{D}" xmlns:y="{DN}">
<q:Header><w:MessageID>uuid:9c35aca0-d1cc-41bf-a932-2dd0fe45cc87</w:MessageID>
<w:Action>{D}/Probe</w:Action></q:Header><q:Body><x:Probe>
<x:Types>y:NetworkVideoTransmitter</x:Types>
<x:Scopes>onvif://www.onvif.org/type onvif://www.onvif.org/name</x:Scopes>
</x:Probe></q:Body></q:Envelope>""",
    "one prefix for several namespaces": f"""<p:Envelope xmlns:p="{S}"><p:Header>
<p:MessageID xmlns:p="{A}">uuid:9c35aca0-d1cc-41bf-a932-2dd0fe45cc87</p:MessageID>
<p:Action xmlns:p="{A}">{D}/Probe</p:Action></p:Header><p:Body><p:Probe xmlns:p="{D}">
<p:Types xmlns:dn="{DN}">dn:NetworkVideoTransmitter</p:Types>
<p:Scopes>onvif://www.onvif.org/type onvif://www.onvif.org/name</p:Scopes>
</p:Probe></p:Body></p:Envelope>""",
}


@pytest.mark.parametrize("text", NAMESPACES.values(), ids=NAMESPACES.keys())
def test_prefixes_do_not_matter(text: str) -> None:
    assert messages.read_request(text.encode()) == Probe(
        "uuid:9c35aca0-d1cc-41bf-a932-2dd0fe45cc87",
        types=(f"{{{DN}}}NetworkVideoTransmitter",),
        scopes=("onvif://www.onvif.org/type", "onvif://www.onvif.org/name"),
    )


def test_a_probe_for_anything() -> None:
    assert messages.read_request(probes.probe()) == Probe("urn:uuid:1")


def test_several_types_and_a_rule() -> None:
    request = probes.probe("dn:NetworkVideoTransmitter\n tds:Device", "a:b", D + "/strcmp0")
    assert messages.read_request(request) == Probe(
        "urn:uuid:1",
        types=(f"{{{DN}}}NetworkVideoTransmitter", f"{{{TDS}}}Device"),
        scopes=("a:b",),
        match_by=D + "/strcmp0",
    )


def test_a_prefix_that_is_not_declared_names_no_type() -> None:
    assert messages.read_request(probes.probe("zz:Device")) == Probe("urn:uuid:1", types=("?",))


def test_resolve() -> None:
    assert messages.read_request(probes.resolve(EYE.endpoint)) == Resolve(
        "urn:uuid:1", EYE.endpoint
    )


GOOD = probes.probe()
SILENCE = {
    "nothing": b"",
    "blank": b" ",
    "no XML": b"M-SEARCH * HTTP/1.1\r\n\r\n",
    "cut": GOOD[:-20],
    "another action": GOOD.replace(b"/Probe</a:Action>", b"/Hello</a:Action>"),
    "our own answer": messages.probe_match(EYE, Sequence(1, 1), "urn:uuid:1"),
    "another body": GOOD.replace(b"d:Probe", b"d:Prob"),
    "no message id": probes.probe(id_=""),
    "a long message id": probes.probe(id_="x" * 300),
    "SOAP 1.1": GOOD.replace(S.encode(), b"http://schemas.xmlsoap.org/soap/envelope/"),
    "newer addressing": GOOD.replace(A.encode(), b"http://www.w3.org/2005/08/addressing"),
    "oversized": GOOD.replace(b"</Body>", b" " * 20_000 + b"</Body>"),
    "entities": GOOD.replace(b"<Envelope", b'<!DOCTYPE x [<!ENTITY e "e">]><Envelope'),
    "a DTD": GOOD.replace(b"<Envelope", b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><Envelope'),
    "an unknown encoding": GOOD.replace(b'"utf-8"', b'"utf-99"'),
}


@pytest.mark.parametrize("data", SILENCE.values(), ids=SILENCE.keys())
def test_what_is_no_request_is_nothing(data: bytes) -> None:
    assert messages.read_request(data) is None


def test_a_probe_match_is_in_order_and_relates_to_its_probe() -> None:
    raw = messages.probe_match(EYE, Sequence(7, 9), "urn:uuid:42")
    heard = Heard(raw)
    match = etree.fromstring(raw).find(f".//{{{D}}}ProbeMatch")
    assert match is not None
    assert [etree.QName(child).localname for child in match] == [
        "EndpointReference",
        "Types",
        "Scopes",
        "XAddrs",
        "MetadataVersion",
    ]
    assert heard.action == "ProbeMatches"
    assert heard.text("a:RelatesTo") == "urn:uuid:42"
    assert heard.text("a:To") == A + "/role/anonymous"
    assert heard.text("a:Address") == EYE.endpoint
    assert tuple(heard.scopes) == EYE.scopes
    assert tuple(heard.xaddrs) == EYE.xaddrs
    assert heard.metadata_version == 3
    assert heard.sequence == (7, 9)


def test_the_prefixes_of_our_types_are_declared() -> None:
    types = etree.fromstring(messages.hello(EYE, Sequence(1, 1))).find(f".//{{{D}}}Types")
    assert types is not None
    names = [name.split(":") for name in (types.text or "").split()]
    assert [(types.nsmap[prefix], local) for prefix, local in names] == [
        (DN, "NetworkVideoTransmitter"),
        (TDS, "Device"),
    ]


@pytest.mark.parametrize(("write", "action"), [(messages.hello, "Hello"), (messages.bye, "Bye")])
def test_what_we_say_by_ourselves_goes_to_everybody(write: object, action: str) -> None:
    heard = Heard(write(EYE, Sequence(1, 1)))  # type: ignore[operator]
    assert heard.action == action
    assert heard.text("a:To") == "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
    assert heard.text("a:RelatesTo") == ""
    assert heard.text("a:Address") == EYE.endpoint


def test_each_message_has_an_id_of_its_own() -> None:
    ids = {Heard(messages.hello(EYE, Sequence(1, 1))).text("a:MessageID") for _ in range(3)}
    assert len(ids) == 3


def test_the_fault_for_an_unknown_rule() -> None:
    heard = Heard(messages.matching_rule_fault(["one", "two"], Sequence(1, 1), "urn:uuid:42"))
    assert heard.action == "fault"
    assert heard.text("a:RelatesTo") == "urn:uuid:42"
    assert heard.text("s:Code/s:Value") == "s:Sender"
    assert heard.text("s:Subcode/s:Value") == "d:MatchingRuleNotSupported"
    assert heard.text("s:Detail/d:SupportedMatchingRules") == "one two"
