"""WS-Addressing is echoed to those who use it, faults included."""

from collections.abc import Iterator

import pytest

from nvrdevice.lib.errors import Kind
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.faults import Fault
from tests.onvif_api.fake_security import FakeSecurity
from tests.onvif_api.soap.operations import registered
from tests.onvif_api.soap_client import Answer, call

RENEW = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/Renew"
ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous"
HEADER = (
    f"<wsa:Action>{RENEW}Request</wsa:Action><wsa:MessageID>urn:uuid:1</wsa:MessageID>"
    f"<wsa:ReplyTo><wsa:Address>{ANONYMOUS}</wsa:Address></wsa:ReplyTo><wsa:To>http://x</wsa:To>"
)


def renew(call: Call) -> Element:
    if call.wsa.to == "http://gone":
        raise Fault(Kind.MISSING, "No such subscription.", action="urn:its-own")
    return el(
        "wsnt:RenewResponse",
        el("wsnt:TerminationTime", call.clock.now()),
        el("wsnt:CurrentTime", call.clock.now()),
    )


@pytest.fixture(autouse=True)
def one_operation() -> Iterator[None]:
    with registered("wsnt:Renew", renew):
        yield


def ask(header: str, as_: str | None = "viewer") -> Answer:
    return call("<wsnt:Renew/>", as_, header=header, security=FakeSecurity())


def test_an_answer_relates_to_its_request() -> None:
    assert ask(HEADER).wsa == {
        "To": ANONYMOUS,
        "Action": RENEW + "Response",
        "RelatesTo": "urn:uuid:1",
    }


def test_a_client_without_addressing_gets_none() -> None:
    assert ask("").wsa == {}


def test_a_fault_has_the_fault_action() -> None:
    assert ask(HEADER, as_=None).wsa == {
        "To": ANONYMOUS,
        "Action": "http://www.w3.org/2005/08/addressing/soap/fault",
        "RelatesTo": "urn:uuid:1",
    }


def test_a_fault_may_have_an_action_of_its_own() -> None:
    assert ask(HEADER.replace("http://x", "http://gone")).wsa["Action"] == "urn:its-own"


def test_without_an_action_there_is_none_to_answer() -> None:
    header = "<wsa:MessageID>urn:uuid:1</wsa:MessageID>"
    assert ask(header).wsa == {"To": ANONYMOUS, "RelatesTo": "urn:uuid:1"}
