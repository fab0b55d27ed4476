"""Making, renewing, ending and synchronizing pull points."""

from nvrdevice.accounts import book
from nvrdevice.accounts.book import Account
from nvrdevice.accounts.levels import Level
from nvrdevice.events import filters, pull_points, waiting
from nvrdevice.events.filters import Expression, Filter
from nvrdevice.events.pull_points import Who
from onvif_api.services.events import faults
from onvif_api.services.events.addresses import subscription_address, subscription_token
from onvif_api.soap import dispatch, read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.namespaces import name

NOBODY = -1  # no user has this id


def who_asks(call: Call) -> Who:
    return _who(call.user, call)


def who_asks_now(call: Call) -> Who:
    """The same account as it is by now: after a minute of waiting it may be another or none."""
    username = call.user.username
    account = book.find(username)
    if account is None or not account.onvif_access:
        return Who(NOBODY, username, Level.ANONYMOUS)
    return _who(account, call)


def _who(account: Account, call: Call) -> Who:
    return Who(account.user_id, account.username, int(account.level), call.client_address)


@dispatch.operation("tev:CreatePullPointSubscription", waits=True)
def create_pull_point_subscription(call: Call) -> Element:
    with faults.told(call.clock):
        wanted = _filter(call, changed_only=_changed_only(call))
        termination = read.duration_or_time(call.request, "tev:InitialTerminationTime", None)
        row, now = pull_points.create(wanted, who_asks(call), termination, call.clock)
    return el(
        "tev:CreatePullPointSubscriptionResponse",
        el(
            "tev:SubscriptionReference",
            el("wsa:Address", subscription_address(call, row.token)),
        ),
        el("wsnt:CurrentTime", now),
        el("wsnt:TerminationTime", row.terminates_at),
    )


@dispatch.operation("wsnt:Renew", waits=True)
def renew(call: Call) -> Element:
    with faults.told(call.clock, renewing=True):
        termination = read.duration_or_time(call.request, "wsnt:TerminationTime", None)
        row, now = pull_points.renew(
            subscription_token(call), who_asks(call), termination, call.clock
        )
    return el(
        "wsnt:RenewResponse",
        el("wsnt:TerminationTime", row.terminates_at),
        el("wsnt:CurrentTime", now),
    )


@dispatch.operation("wsnt:Unsubscribe", waits=True)
def unsubscribe(call: Call) -> Element:
    with faults.told(call.clock):
        token = subscription_token(call)
        pull_points.unsubscribe(token, who_asks(call), call.clock)
    waiting.reader().poke(token)
    return el("wsnt:UnsubscribeResponse")


@dispatch.operation("tev:SetSynchronizationPoint", waits=True)
def set_synchronization_point(call: Call) -> Element:
    with faults.told(call.clock):
        token = subscription_token(call)
        pull_points.synchronize(token, who_asks(call), call.clock)
    waiting.reader().poke(token)
    return el("tev:SetSynchronizationPointResponse")


def _filter(call: Call, *, changed_only: bool) -> Filter:
    topics: list[Expression] = []
    contents: list[Expression] = []
    unknown: list[Element] = []
    kinds = {name("wsnt:TopicExpression"): topics, name("wsnt:MessageContent"): contents}
    for element in read.child(call.request, "tev:Filter", el("tev:Filter")).iterchildren("*"):
        if element.tag in kinds:
            # nsmap: prefixes count where the expression stands (EVENT-4-1-9).
            kinds[element.tag].append(
                Expression(
                    read.attribute(element, "Dialect", ""), _whole_text(element), element.nsmap
                )
            )
        else:
            unknown.append(element)
    if unknown:
        raise faults.unknown_filters(unknown, call.clock)
    return filters.parse(topics, contents, changed_only=changed_only)


def _whole_text(element: Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _changed_only(call: Call) -> bool:
    """Core 9.1.2 knows one policy; WS-BaseNotification's UseRaw is optional and not offered."""
    policy = read.child(call.request, "tev:SubscriptionPolicy", None)
    found = False
    for element in () if policy is None else policy.iterchildren("*"):
        if element.tag != name("tev:ChangedOnly"):
            known = element.tag == name("wsnt:UseRaw")
            raise faults.policy(element, call.clock, known=known)
        found = True
    return found
