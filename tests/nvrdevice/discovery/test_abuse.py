"""Nobody gets many answers, nobody afar gets one, and no memory grows without bound."""

from ipaddress import ip_address, ip_network

import pytest

from nvrdevice.discovery import abuse
from nvrdevice.discovery.abuse import Allowance, SeenIds


def test_a_message_is_new_once() -> None:
    seen = SeenIds()
    assert [seen.is_new("a", 0), seen.is_new("a", 1), seen.is_new("b", 1)] == [True, False, True]


def test_ids_are_forgotten_with_time() -> None:
    seen = SeenIds()
    seen.is_new("a", 0)
    assert seen.is_new("a", abuse.ID_AGE_S + 1)


def test_the_memory_of_ids_is_bounded() -> None:
    seen = SeenIds()
    for number in range(abuse.IDS_LIMIT * 3):
        seen.is_new(str(number), 0)
    assert len(seen._seen) == abuse.IDS_LIMIT


def test_a_sender_gets_few_answers_at_once() -> None:
    allowance = Allowance()
    assert sum(allowance.grant("192.0.2.1", 0) for _ in range(1000)) == abuse.BURST


def test_a_sender_gets_answers_again_after_a_while() -> None:
    allowance = Allowance()
    for _ in range(1000):
        allowance.grant("192.0.2.1", 0)
    assert sum(allowance.grant("192.0.2.1", 3) for _ in range(10)) == 3


def test_one_senders_greed_is_not_anothers_loss() -> None:
    allowance = Allowance()
    for _ in range(1000):
        allowance.grant("192.0.2.1", 0)
    assert allowance.grant("192.0.2.2", 0)


def test_forged_senders_together_get_few_answers() -> None:
    allowance = Allowance()
    granted = sum(allowance.grant(str(number), 0) for number in range(10_000))
    assert granted == abuse.TOTAL_BURST
    assert len(allowance._buckets) == abuse.SOURCES_LIMIT


@pytest.mark.parametrize(
    ("sender", "local"),
    [
        ("192.0.2.200", True),
        ("127.0.0.1", True),
        ("fe80::1", True),
        ("169.254.3.4", True),
        ("192.0.3.1", False),
        ("203.0.113.5", False),
        ("2001:db8::1", False),
    ],
)
def test_local(sender: str, local: bool) -> None:
    assert abuse.is_local(ip_address(sender), [ip_network("192.0.2.0/24")]) is local
