"""What counts as a SOAP message, and what strangers may not send."""

import asyncio
from collections.abc import Iterator

import pytest

from onvif_api.soap.app import SoapApp
from onvif_api.soap.build import Element, Kept, el
from onvif_api.soap.call import Call
from onvif_api.soap.envelope import write
from onvif_api.soap.namespaces import ENV_11, ENV_12, name
from tests.onvif_api.fake_security import CHALLENGES, FakeSecurity
from tests.onvif_api.soap.operations import registered
from tests.onvif_api.soap_client import Answer, envelope, run_here, send

TDS = "http://www.onvif.org/ver10/device/wsdl"


def get_hostname(call: Call) -> Element:
    return el(
        "tds:GetHostnameResponse",
        el("tds:HostnameInformation", el("tt:FromDHCP", False), el("tt:Name", "it")),
    )


@pytest.fixture(autouse=True)
def one_operation() -> Iterator[None]:
    with registered("tds:GetHostname", get_hostname):
        yield


def post(
    body: bytes | str,
    *,
    method: str = "POST",
    content_type: str | None = "application/soap+xml; charset=utf-8",
    headers: dict[str, str] | None = None,
) -> Answer:
    data = body if isinstance(body, bytes) else body.encode()
    app = SoapApp(runner=run_here, security=FakeSecurity())
    return asyncio.run(send(app, data, method=method, content_type=content_type, headers=headers))


def wrap(inner: str, *, header: str = "", version: str = ENV_12) -> str:
    return (
        f'<e:Envelope xmlns:e="{version}"><e:Header>{header}</e:Header>'
        f"<e:Body>{inner}</e:Body></e:Envelope>"
    )


GET_HOSTNAME = f'<GetHostname xmlns="{TDS}"/>'


def outcome(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.fault or answer.body.tag.rpartition("}")[2]


ANSWERED = (200, "GetHostnameResponse")


@pytest.mark.parametrize(
    "body",
    [
        wrap(GET_HOSTNAME),
        f'<Envelope xmlns="{ENV_12}"><Body><a:GetHostname xmlns:a="{TDS}"/></Body></Envelope>',
        "\r\n " + wrap(GET_HOSTNAME),
        '<?xml version="1.0" encoding="utf-8"?>' + wrap("<!-- hello -->" + GET_HOSTNAME),
        wrap(GET_HOSTNAME).encode("utf-8-sig"),
        ('<?xml version="1.0" encoding="utf-16"?>' + wrap(GET_HOSTNAME)).encode("utf-16"),
    ],
    ids=["prefixed", "default namespace", "leading blanks", "comment", "bom", "utf-16"],
)
def test_the_same_request_in_many_forms(body: str | bytes) -> None:
    assert outcome(post(body)) == ANSWERED


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/xml",
        "application/xml; charset=utf-8",
        'application/soap+xml; charset=utf-8; action="http://x/y"',
        "Application/SOAP+XML",
        "application/x-www-form-urlencoded",
        "text/plain",
    ],
)
def test_content_types_that_clients_send(content_type: str | None) -> None:
    assert outcome(post(wrap(GET_HOSTNAME), content_type=content_type)) == ANSWERED


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "multipart/related; type=application/xop+xml", "image/jpeg"],
)
def test_another_encapsulation_is_415(content_type: str) -> None:
    assert post(wrap(GET_HOSTNAME), content_type=content_type).status == 415


def test_a_compressed_body_is_415() -> None:
    assert post(wrap(GET_HOSTNAME), headers={"content-encoding": "gzip"}).status == 415


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_another_method_is_405(method: str) -> None:
    answer = post(b"", method=method)
    assert (answer.status, answer.header("Allow")) == (405, ["POST"])


def test_the_answer_says_what_it_is() -> None:
    answer = post(wrap(GET_HOSTNAME))
    assert answer.header("Content-Type") == ["application/soap+xml; charset=utf-8"]
    assert answer.raw.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')


def test_soap_1_1_is_answered_in_soap_1_1() -> None:
    answer = post(wrap(GET_HOSTNAME, version=ENV_11), content_type="text/xml")
    found = (outcome(answer), answer.version, answer.header("Content-Type"))
    assert found == (ANSWERED, ENV_11, ["text/xml; charset=utf-8"])


def test_a_soap_1_1_fault_is_500() -> None:
    answer = post(wrap("<nothing/>", version=ENV_11), content_type="text/xml")
    assert (answer.status, answer.fault) == (500, "ActionNotSupported")


def test_soap_1_1_without_credentials_is_401() -> None:
    with registered("tds:GetUsers", get_hostname):
        answer = post(wrap(f'<GetUsers xmlns="{TDS}"/>', version=ENV_11))
    found = (answer.status, answer.fault, answer.header("WWW-Authenticate"))
    assert found == (401, "NotAuthorized", CHALLENGES)


@pytest.mark.parametrize(
    "body",
    [
        "hello",
        wrap(GET_HOSTNAME)[:-5],
        wrap("&nothing;"),
        '<?xml version="1.0" encoding="no-such"?>' + wrap(GET_HOSTNAME),
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + wrap("<a>&x;</a>"),
        ('<!DOCTYPE a [<!ENTITY x "y">]>' + wrap("<a>&x;</a>")).encode("utf-16"),
        wrap("<a>" * 300 + "</a>" * 300),
        wrap("<a>" + "<b/>" * 50_000 + "</a>"),
        wrap("<a " + " ".join(f'b{n}=""' for n in range(25_000)) + "/>"),
    ],
    ids=[
        "text", "cut", "entity", "encoding", "external", "utf-16 entity", "depth",
        "elements", "attributes",
    ],
)  # fmt: skip
def test_what_is_no_well_formed_message_is_refused(body: str | bytes) -> None:
    assert outcome(post(body)) == (400, "Sender/WellFormed")


def test_an_empty_body_is_a_question_for_the_challenge() -> None:
    # libcurl with Digest sends its first request so, whatever the operation.
    answer = post("")
    found = (outcome(answer), answer.header("WWW-Authenticate"))
    assert found == ((401, "Sender/NotAuthorized"), CHALLENGES)


def test_an_empty_body_with_credentials_is_no_message() -> None:
    answer = post("", headers={"authorization": "Digest admin"})
    assert outcome(answer) == (400, "Sender/WellFormed")


@pytest.mark.parametrize(
    "body",
    [
        f'<e:Envelope xmlns:e="{ENV_12}"/>',
        wrap(""),
        wrap(GET_HOSTNAME * 2),
    ],
    ids=["no body", "empty body", "two requests"],
)
def test_a_body_holds_one_request(body: str) -> None:
    assert outcome(post(body)) == (400, "Sender/Tag")


@pytest.mark.parametrize("body", ["<a/>", wrap(GET_HOSTNAME, version="urn:soap-2")])
def test_another_envelope_is_a_version_mismatch(body: str) -> None:
    assert outcome(post(body)) == (500, "VersionMismatch")


def test_an_encoding_style_is_not_understood() -> None:
    request = f'<GetHostname xmlns="{TDS}" xmlns:e="{ENV_12}" e:encodingStyle="urn:rpc"/>'
    assert outcome(post(wrap(request))) == (500, "DataEncodingUnknown")


def test_an_unknown_header_that_must_be_understood() -> None:
    answer = post(wrap(GET_HOSTNAME, header='<x:Pay xmlns:x="urn:x" e:mustUnderstand="1"/>'))
    said = answer.envelope.find(f"{name('env:Header')}/{name('env:NotUnderstood')}")
    assert outcome(answer) == (500, "MustUnderstand")
    assert said is not None
    assert (said.get("qname"), said.nsmap["h"]) == ("h:Pay", "urn:x")


@pytest.mark.parametrize(
    "header",
    [
        '<x:Pay xmlns:x="urn:x"/>',
        '<x:Pay xmlns:x="urn:x" e:mustUnderstand="0"/>',
        '<x:Pay xmlns:x="urn:x" e:mustUnderstand="1" e:role="urn:somebody-else"/>',
        '<To xmlns="http://www.w3.org/2005/08/addressing" e:mustUnderstand="true">x</To>',
        '<w:Security e:mustUnderstand="1" xmlns:w="http://docs.oasis-open.org/wss/2004/01/'
        'oasis-200401-wss-wssecurity-secext-1.0.xsd"/>',
    ],
    ids=["optional", "zero", "another role", "addressing", "security"],
)
def test_headers_that_are_fine(header: str) -> None:
    assert outcome(post(wrap(GET_HOSTNAME, header=header))) == ANSWERED


def test_a_body_past_the_limit_is_413() -> None:
    assert post(wrap("<a>" + "x" * 1_000_001 + "</a>")).status == 413


def test_a_request_of_the_test_client_is_one_of_them() -> None:
    assert outcome(post(envelope("<tds:GetHostname/>"))) == ANSWERED


@pytest.mark.parametrize("version", [ENV_12, ENV_11])
def test_an_answer_that_is_kept_is_written_as_one_made_anew(version: str) -> None:
    def made() -> Element:
        return el("tds:GetHostnameResponse", el("tds:HostnameInformation", el("tt:Name", "it")))

    kept = Kept(made())
    for header in (
        [],
        [el("wsa:RelatesTo", "urn:uuid:1")],
        [],
        [el("wsa:RelatesTo", "urn:uuid:2")],
    ):
        again = [el("wsa:RelatesTo", str(each.text)) for each in header]
        assert write(kept, header, version) == write(made(), again, version)
