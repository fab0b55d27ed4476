"""A bouncing contact: nothing counts until it is still."""

from nvrdevice.digital_io.debounce import Debounce


def test_a_still_contact_counts_after_its_time() -> None:
    contact = Debounce(closed=False)
    contact.see(closed=True, now_s=10.0)
    assert contact.due_s(0.05) == 10.05
    assert not contact.look(10.04, 0.05)
    assert contact.look(10.05, 0.05)
    assert contact.closed


def test_bouncing_begins_the_time_anew() -> None:
    contact = Debounce(closed=False)
    for now_s, closed in ((1.0, True), (1.01, False), (1.02, True), (1.03, False), (1.04, True)):
        contact.see(closed=closed, now_s=now_s)
        assert not contact.look(now_s, 0.05)
    assert not contact.look(1.08, 0.05)
    assert contact.look(1.09, 0.05)


def test_a_spike_does_not_count() -> None:
    contact = Debounce(closed=False)
    contact.see(closed=True, now_s=1.0)
    contact.see(closed=False, now_s=1.01)
    assert contact.due_s(0.05) is None
    assert not contact.look(2.0, 0.05)
    assert not contact.closed
