"""The event service as ONVIF's procedures EVENT-1, EVENT-3 and EVENT-4 use it, without waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from nvrdevice.events import publish, pull_points, topics
from nvrdevice.lib.clock import ManualClock, iso_utc
from onvif_api.soap.namespaces import NS, name
from tests.onvif_api.services.events_client import (
    CELLS,
    EVENT_SERVICE,
    MOTION,
    SIGNAL,
    ask,
    content_filter,
    creation,
    fault_detail,
    path_of,
    pulling,
    subscribe,
    told,
    topic_filter,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ACTION = "http://www.onvif.org/ver10/events/wsdl"
FAULT_ACTION = "http://www.w3.org/2005/08/addressing/soap/fault"


@pytest.fixture(autouse=True)
def states(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three properties as the device has them, and a vendor's own."""
    monkeypatch.setattr(topics, "_topics", {})
    source, data = {"Source": "tt:ReferenceToken"}, {"State": "xs:boolean"}
    topics.declare(MOTION, is_property=True, source=source, data=data)
    topics.declare(SIGNAL, is_property=True, source=source, data=data)
    topics.declare(
        CELLS,
        is_property=True,
        source={
            "VideoSourceConfigurationToken": "tt:ReferenceToken",
            "VideoAnalyticsConfigurationToken": "tt:ReferenceToken",
            "Rule": "xs:string",
        },
        data={"IsMotion": "xs:boolean"},
    )
    topics.declare("nvr:Test/Door", data={"Open": "xs:boolean"})
    publish(MOTION, {"Source": "source1"}, {"State": False}, at=NOON)
    publish(SIGNAL, {"Source": "source1"}, {"State": False}, at=NOON)
    publish(
        CELLS,
        {
            "VideoSourceConfigurationToken": "v",
            "VideoAnalyticsConfigurationToken": "a",
            "Rule": "r",
        },
        {"IsMotion": False},
        at=NOON,
    )


def addressing(action: str) -> str:
    return f"<wsa:Action>{action}</wsa:Action><wsa:MessageID>urn:uuid:1</wsa:MessageID>"


def test_event_properties_describe_every_topic() -> None:
    answer = ask("<tev:GetEventProperties/>", as_="viewer")
    assert [each.text for each in answer.all("wsnt:TopicExpressionDialect")] == [
        "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete",
        "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet",
    ]
    assert answer.text("tev:MessageContentFilterDialect") == (
        "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"
    )
    alarm = answer.all("wstop:TopicSet/tns1:VideoSource/MotionAlarm")[0]
    assert alarm.get(name("wstop:topic")) == "true"
    description = alarm[0]
    assert description.get("IsProperty") == "true"
    items = [
        (etree.QName(group).localname, item.get("Name"), item.get("Type"))
        for group in description
        for item in group
    ]
    assert items == [("Source", "Source", "tt:ReferenceToken"), ("Data", "State", "xs:boolean")]
    assert alarm.nsmap["xs"] == NS["xs"]


def test_the_topic_set_has_each_root_once_and_marks_topics_only() -> None:
    answer = ask("<tev:GetEventProperties/>")
    topic_set = answer.all("wstop:TopicSet")[0]
    assert [etree.QName(root).localname for root in topic_set] == [
        "Test",
        "RuleEngine",
        "VideoSource",
    ]
    marked = [
        element.tag for element in topic_set.iter() if element.get(name("wstop:topic")) == "true"
    ]
    assert marked == ["Door", "Motion", "MotionAlarm", "SignalLoss"]


def test_capabilities_say_what_is_built() -> None:
    answer = ask("<tev:GetServiceCapabilities/>", as_=None)
    assert dict(answer.all("tev:Capabilities")[0].attrib) == {
        "WSSubscriptionPolicySupport": "false",
        "WSPullPointSupport": "true",
        "WSPausableSubscriptionManagerInterfaceSupport": "false",
        "MaxNotificationProducers": "0",
        "MaxPullPoints": str(pull_points.MAX_PER_USER),
        "PersistentNotificationStorage": "false",
    }


@pytest.mark.parametrize(
    "request_",
    [
        "<wsnt:Subscribe><wsnt:ConsumerReference><wsa:Address>http://192.0.2.9/</wsa:Address>"
        "</wsnt:ConsumerReference></wsnt:Subscribe>",
        "<tev:Seek><tev:UtcTime>2026-01-01T00:00:00Z</tev:UtcTime></tev:Seek>",
        "<tev:GetEventBrokers/>",
    ],
)
def test_what_is_not_built_is_not_supported(request_: str) -> None:
    answer = ask(request_)
    assert (answer.status, answer.fault) == (500, "Receiver/ActionNotSupported")


def test_a_subscription_has_an_absolute_address_and_ends_when_asked() -> None:
    answer = ask(creation(termination="PT10S"), clock=ManualClock(NOON))  # EVENT-3-1-9
    path = path_of(answer)
    assert path.startswith("/onvif/subscriptions/")
    assert answer.text("wsnt:CurrentTime") == iso_utc(NOON)
    assert answer.text("wsnt:TerminationTime") == iso_utc(NOON + timedelta(seconds=10))


def test_the_end_may_be_a_time() -> None:
    answer = ask(creation(termination="2026-05-01T12:05:00Z"), clock=ManualClock(NOON))
    assert answer.text("wsnt:TerminationTime") == "2026-05-01T12:05:00.000Z"


@pytest.mark.parametrize("asked", ["PT0S", "-PT5S", "P2D", "2026-05-01T11:59:59Z"])
def test_an_unacceptable_end_names_the_bounds(asked: str) -> None:
    answer = ask(creation(termination=asked), clock=ManualClock(NOON))
    assert (answer.status, answer.fault.partition("/")[0]) == (500, "Receiver")
    assert fault_detail(answer) == "wsnt:UnacceptableInitialTerminationTimeFault"
    detail = answer.all("env:Detail/wsnt:UnacceptableInitialTerminationTimeFault")[0]
    assert detail.findtext(name("wsnt:MinimumTime")) == "2026-05-01T12:00:10.000Z"
    assert detail.findtext(name("wsnt:MaximumTime")) == "2026-05-02T12:00:00.000Z"


def test_every_state_comes_first_as_initialized() -> None:
    answer = ask(pulling(), subscribe())
    assert [(topic, operation) for topic, operation, _ in told(answer)] == [
        (MOTION, "Initialized"),
        (SIGNAL, "Initialized"),
        (CELLS, "Initialized"),
    ]


def test_a_message_is_written_as_clients_read_it() -> None:
    answer = ask(pulling(limit=1), subscribe(topic_filter(MOTION)))
    holder = answer.all("wsnt:NotificationMessage")[0]
    message = holder.find(f"{name('wsnt:Message')}/{name('tt:Message')}")
    assert dict(message.attrib) == {"UtcTime": iso_utc(NOON), "PropertyOperation": "Initialized"}
    assert [etree.QName(group).localname for group in message] == ["Source", "Data"]
    assert dict(message[0][0].attrib) == {"Name": "Source", "Value": "source1"}
    assert dict(message[1][0].attrib) == {"Name": "State", "Value": "false"}
    producer = holder.findtext(f"{name('wsnt:ProducerReference')}/{name('wsa:Address')}")
    assert producer == "http://192.0.2.7:8000/onvif/event_service"


def test_the_prefix_of_a_vendor_topic_is_declared() -> None:
    path = subscribe(
        '<wsnt:TopicExpression Dialect="http://www.onvif.org/ver10/tev/'
        'topicExpression/ConcreteSet" xmlns:v="urn:nvrdevice:topics">v:Test//.'
        "</wsnt:TopicExpression>"
    )
    publish("nvr:Test/Door", {}, {"Open": True})
    topic = ask(pulling(), path).all("wsnt:NotificationMessage/wsnt:Topic")[0]
    assert (topic.text, topic.nsmap["nvr"]) == ("nvr:Test/Door", "urn:nvrdevice:topics")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (MOTION, [MOTION]),  # EVENT-3-1-16
        (f"{MOTION}|{CELLS}", [MOTION, CELLS]),  # EVENT-3-1-33
        ("tns1:VideoSource//.", [MOTION, SIGNAL]),  # EVENT-3-1-34
        (f"tns1:RuleEngine//.|{SIGNAL}", [SIGNAL, CELLS]),  # EVENT-3-1-35
    ],
)
def test_a_topic_filter_passes_what_it_names_and_nothing_else(
    expression: str, expected: list[str]
) -> None:
    path = subscribe(topic_filter(expression))
    publish(MOTION, {"Source": "source1"}, {"State": True})
    publish(SIGNAL, {"Source": "source1"}, {"State": True})
    answer = ask(pulling(), path)
    changed = [topic for topic in expected if topic != CELLS]
    assert [topic for topic, _, _ in told(answer)] == expected + changed


def test_prefixes_count_where_the_expression_stands() -> None:
    """EVENT-4-1-9: the same namespace under another prefix, and tns1 as a prefix of another."""
    expression = (
        '<wsnt:TopicExpression xmlns:tns1="urn:other" xmlns:q="http://www.onvif.org/ver10/topics" '
        'Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
        "q:VideoSource/MotionAlarm</wsnt:TopicExpression>"
    )
    assert [topic for topic, _, _ in told(ask(pulling(), subscribe(expression)))] == [MOTION]


def test_default_namespaces_on_each_element_are_understood() -> None:
    """EVENT-4-1-6: no prefix anywhere but in the expression."""
    request = (
        '<CreatePullPointSubscription xmlns="http://www.onvif.org/ver10/events/wsdl">'
        '<Filter><TopicExpression xmlns="http://docs.oasis-open.org/wsn/b-2" '
        'Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
        f"{SIGNAL}</TopicExpression></Filter>"
        "<InitialTerminationTime>PT10S</InitialTerminationTime></CreatePullPointSubscription>"
    )
    assert [topic for topic, _, _ in told(ask(pulling(), path_of(ask(request))))] == [SIGNAL]


def test_a_content_filter_is_held_against_the_items() -> None:
    """EVENT-3-1-38: the filter without any topic."""
    text = 'boolean(//tt:SimpleItem[@Name="Rule"and @Value="r"])'
    answer = ask(pulling(limit=1), subscribe(content_filter(text)))
    assert [(topic, items["Rule"]) for topic, _, items in told(answer)] == [(CELLS, "r")]


def test_topic_and_content_narrow_each_other() -> None:
    both = topic_filter("tns1:VideoSource//.") + content_filter(
        'boolean(//tt:SimpleItem[@Name="State" and @Value="true"])'
    )
    path = subscribe(both)
    publish(MOTION, {"Source": "source1"}, {"State": True})
    publish(MOTION, {"Source": "source1"}, {"State": False})
    assert told(ask(pulling(), path)) == [
        (MOTION, "Changed", {"Source": "source1", "State": "true"})
    ]


@pytest.mark.parametrize(
    ("filter_", "detail"),
    [
        (topic_filter("xyz"), "wsnt:TopicNotSupportedFault"),  # EVENT-3-1-22
        (topic_filter("tns1:Nothing//."), "wsnt:TopicNotSupportedFault"),
        (topic_filter("un:known/Topic"), "wsnt:InvalidTopicExpressionFault"),
        (topic_filter("tns1:VideoSource/*"), "wsnt:InvalidTopicExpressionFault"),
        (topic_filter(MOTION, "urn:other"), "wsnt:TopicExpressionDialectUnknownFault"),
        (
            content_filter('boolean((//tt:SimpleItem[@Name="xyz" and @Value="xyz"])'),
            "wsnt:InvalidMessageContentExpressionFault",
        ),  # EVENT-3-1-17
        (content_filter("true()", "urn:other"), "wsnt:InvalidMessageContentExpressionFault"),
        (
            '<wsnt:ProducerProperties Dialect="urn:x">a</wsnt:ProducerProperties>',
            "wsnt:InvalidFilterFault",
        ),
        ("<x:Some xmlns:x='urn:x'/>", "wsnt:InvalidFilterFault"),
    ],
)
def test_an_invalid_filter_is_refused(filter_: str, detail: str) -> None:
    answer = ask(creation(filter_), header=addressing(f"{ACTION}/EventPortType/X"))
    assert (answer.status, answer.fault.partition("/")[0]) == (500, "Receiver")
    assert fault_detail(answer) == detail
    assert answer.wsa["Action"] == FAULT_ACTION
    assert answer.wsa["RelatesTo"] == "urn:uuid:1"


@pytest.mark.parametrize(
    ("policy", "detail"),
    [
        ("<wsnt:UseRaw/>", "wsnt:UnsupportedPolicyRequestFault"),
        ("<x:Some xmlns:x='urn:x'/>", "wsnt:UnrecognizedPolicyRequestFault"),
    ],
)
def test_a_policy_that_is_not_offered_is_refused(policy: str, detail: str) -> None:
    assert fault_detail(ask(creation(policy=policy))) == detail


def test_changed_only_leaves_out_initialized() -> None:
    path = path_of(ask(creation(policy="<tev:ChangedOnly/>")))
    publish(MOTION, {"Source": "source1"}, {"State": True})
    assert [operation for _, operation, _ in told(ask(pulling(), path))] == ["Changed"]


def test_a_synchronization_point_repeats_the_states() -> None:
    path = subscribe(topic_filter(MOTION))  # EVENT-3-1-25
    first = told(ask(pulling(limit=1), path))
    assert told(ask(pulling(limit=1), path)) == []
    answer = ask("<tev:SetSynchronizationPoint/>", path)
    assert answer.body.tag == name("tev:SetSynchronizationPointResponse")
    assert told(ask(pulling(limit=1), path)) == first


def test_renewing_answers_with_both_times() -> None:
    clock = ManualClock(NOON)  # EVENT-3-1-12
    path = subscribe(clock=clock)
    clock.advance(20)
    request = "<wsnt:Renew><wsnt:TerminationTime>PT10S</wsnt:TerminationTime></wsnt:Renew>"
    answer = ask(request, path, clock=clock)
    assert answer.text("wsnt:CurrentTime") == iso_utc(NOON + timedelta(seconds=20))
    assert answer.text("wsnt:TerminationTime") == iso_utc(NOON + timedelta(seconds=30))


def test_renewing_too_far_is_refused() -> None:
    request = "<wsnt:Renew><wsnt:TerminationTime>P30D</wsnt:TerminationTime></wsnt:Renew>"
    assert fault_detail(ask(request, subscribe())) == "wsnt:UnacceptableTerminationTimeFault"


def test_unsubscribed_it_is_unknown() -> None:
    path = subscribe()  # EVENT-3-1-19
    assert ask("<wsnt:Unsubscribe/>", path).body.tag == name("wsnt:UnsubscribeResponse")
    again = ask("<wsnt:Unsubscribe/>", path, header=addressing(f"{ACTION}/X"))
    assert (again.status, fault_detail(again)) == (500, "wsrf_r:ResourceUnknownFault")
    assert again.wsa["Action"] == FAULT_ACTION


@pytest.mark.parametrize(
    "request_",
    [
        "<wsnt:Unsubscribe/>",
        "<wsnt:Renew><wsnt:TerminationTime>PT10S</wsnt:TerminationTime></wsnt:Renew>",
        "<tev:SetSynchronizationPoint/>",
        pulling(),
    ],
)
def test_at_its_end_it_is_unknown(request_: str) -> None:
    clock = ManualClock(NOON)  # EVENT-3-1-20
    path = path_of(ask(creation(termination="PT20S"), clock=clock))
    clock.advance(20)
    assert fault_detail(ask(request_, path, clock=clock)) == "wsrf_r:ResourceUnknownFault"


def test_a_pull_keeps_it_alive() -> None:
    clock = ManualClock(NOON)  # EVENT-3-1-24
    created = ask(creation(termination=""), clock=clock)
    first_end = created.text("wsnt:TerminationTime") or ""
    clock.advance(1)
    answer = ask(pulling("PT1220S", 1), path_of(created), clock=clock)
    assert (answer.text("tev:TerminationTime") or "") > first_end
    assert answer.text("tev:CurrentTime") == iso_utc(NOON + timedelta(seconds=1))


def test_a_timeout_beyond_the_maximum_names_it() -> None:
    answer = ask(pulling("PT3601S"), subscribe())
    assert fault_detail(answer) == "tev:PullMessagesFaultResponse"
    detail = answer.all("env:Detail/tev:PullMessagesFaultResponse")[0]
    assert [each.text for each in detail] == ["PT3600S", "1024"]


def test_a_message_limit_beyond_the_maximum_is_clipped() -> None:
    assert len(told(ask(pulling(limit=2_000_000_000), subscribe()))) == 3


@pytest.mark.parametrize(("timeout", "limit"), [("-PT1S", 1), ("PT1S", 0), ("soon", 1)])
def test_arguments_that_mean_nothing_are_refused(timeout: str, limit: int) -> None:
    assert ask(pulling(timeout, limit), subscribe()).fault.startswith("Sender/Invalid")


def test_another_user_may_not_use_it_and_an_administrator_may() -> None:
    path = subscribe(as_="operator")
    assert fault_detail(ask(pulling(), path, as_="viewer")) == "wsrf_r:ResourceUnknownFault"
    assert len(told(ask(pulling(), path, as_="admin"))) == 3


def test_without_credentials_nothing_is_told() -> None:
    assert ask(pulling(), subscribe(), as_=None).status == 401


def test_the_subscription_may_be_named_by_its_to_header() -> None:
    path = subscribe()
    header = f"<wsa:To>http://192.0.2.7:8000{path}</wsa:To>"
    assert len(told(ask(pulling(), EVENT_SERVICE, header=header))) == 3
    unnamed = ask(pulling(), EVENT_SERVICE)
    assert fault_detail(unnamed) == "wsrf_r:ResourceUnknownFault"


def test_no_more_than_the_maximum_and_the_fault_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull_points, "MAX_PER_USER", 3)  # EVENT-3-1-37
    paths = {subscribe() for _ in range(3)}
    assert len(paths) == 3
    assert fault_detail(ask(creation())) == "wsnt:SubscribeCreationFailedFault"


@pytest.mark.parametrize(
    ("request_", "action", "answer_action"),
    [
        (
            creation(),
            f"{ACTION}/EventPortType/CreatePullPointSubscriptionRequest",
            f"{ACTION}/EventPortType/CreatePullPointSubscriptionResponse",
        ),
        (
            pulling(),
            f"{ACTION}/PullPointSubscription/PullMessagesRequest",
            f"{ACTION}/PullPointSubscription/PullMessagesResponse",
        ),
        (
            "<wsnt:Unsubscribe/>",
            "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest",
            "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeResponse",
        ),
    ],
)
def test_answers_carry_the_action_of_the_wsdl(
    request_: str, action: str, answer_action: str
) -> None:
    answer = ask(request_, subscribe(), header=addressing(action))
    assert answer.wsa["Action"] == answer_action
