"""A certificate comes about, is replaced, kept or taken back; each with one audit row."""

import ipaddress
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.clock import ManualClock
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system import tls
from nvrdevice.system.tls import changing, making, pending, shelf
from nvrdevice.system.tls.watch import Watch
from tests.nvrdevice.system.tls.authority import Authority, key_pem, new_key, pem

pytestmark = pytest.mark.django_db
BY = Actor("alice", "192.0.2.7", "web")


def rows() -> list[tuple[str, str, str]]:
    found = AuditRow.objects.order_by("pk")
    return [(row.username, row.protocol, row.action) for row in found]


def fingerprint() -> str:
    return shelf.facts().fingerprint


def given(clock: ManualClock) -> None:
    key = new_key()
    changing.upload(pem(Authority().leaf(key)), key_pem(key), by=BY, clock=clock)


def test_the_first_start_makes_one_for_this_machine(clock: ManualClock) -> None:
    tls.ensure(clock)
    facts = shelf.facts()
    assert facts.own and facts.self_signed
    assert facts.key == "EC secp256r1"
    assert {"localhost", "127.0.0.1", "::1"} <= {*facts.names}
    assert facts.until - clock.now() == timedelta(days=820)
    assert rows() == [("", "device", "make certificate")]


def test_the_next_start_keeps_it(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    tls.ensure(clock)
    assert fingerprint() == first
    assert len(rows()) == 1


def test_nobody_else_may_read_the_key(clock: ManualClock, secret_dir: Path) -> None:
    tls.ensure(clock)
    assert stat.S_IMODE(tls.files().key.stat().st_mode) == 0o600
    assert stat.S_IMODE(tls.files().key.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((secret_dir / "tls").stat().st_mode) == 0o700


def test_names_and_addresses_are_those_it_is_given(clock: ManualClock) -> None:
    addresses = [ipaddress.ip_address("192.0.2.7"), ipaddress.ip_address("fe80::7%eth0")]
    pair = making.self_signed(["gate", "gate.local"], addresses, clock.now())
    found = pair.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(found) == [
        x509.DNSName("gate"),
        x509.DNSName("gate.local"),
        x509.IPAddress(ipaddress.ip_address("192.0.2.7")),
        x509.IPAddress(ipaddress.ip_address("fe80::7")),
    ]


def test_a_renewed_certificate_waits_to_be_kept(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    changing.renew(by=BY, clock=clock)
    assert fingerprint() != first
    clock.advance(59)
    assert not changing.settle(clock)
    changing.keep(by=BY, secure=True, clock=clock)
    clock.advance(60)
    assert not changing.settle(clock)
    assert fingerprint() != first
    assert rows()[1:] == [("alice", "web", "renew certificate"), ("alice", "web", "keep change")]


def test_what_nobody_keeps_is_taken_back(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    given(clock)
    clock.advance(60)
    Watch(clock).look()
    assert fingerprint() == first
    assert rows()[1:] == [
        ("alice", "web", "upload certificate"),
        ("", "device", "take back change"),
    ]
    with pytest.raises(DeviceError):
        changing.keep(by=BY, secure=True, clock=clock)


def test_a_clock_set_back_does_not_prolong_the_trial(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    given(clock)
    clock.advance(-3600)
    assert changing.settle(clock)
    assert fingerprint() == first


def test_over_plain_http_nothing_is_kept(clock: ManualClock) -> None:
    tls.ensure(clock)
    changing.renew(by=BY, clock=clock)
    with pytest.raises(DeviceError) as raised:
        changing.keep(by=BY, secure=False, clock=clock)
    assert raised.value.kind is Kind.CONFLICT
    assert pending.read() is not None


def test_a_trial_can_be_ended_at_once(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    changing.renew(by=BY, clock=clock)
    changing.undo(by=BY, clock=clock)
    assert fingerprint() == first
    assert rows()[-1] == ("alice", "web", "take back change")


def test_one_change_at_a_time(clock: ManualClock) -> None:
    tls.ensure(clock)
    changing.renew(by=BY, clock=clock)
    with pytest.raises(DeviceError) as raised:
        changing.renew(by=BY, clock=clock)
    assert raised.value.kind is Kind.CONFLICT


def test_a_refused_upload_changes_nothing(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    leaf = Authority().leaf(new_key())
    with pytest.raises(DeviceError):
        changing.upload(pem(leaf), key_pem(new_key()), by=BY, clock=clock)
    assert (fingerprint(), pending.read(), len(shelf.names()), len(rows())) == (first, None, 1, 1)


def test_a_signed_request_needs_no_key(clock: ManualClock) -> None:
    tls.ensure(clock)
    key = shelf.key(shelf.current())
    request = x509.load_pem_x509_csr(changing.request())
    assert request.is_signature_valid
    changing.upload(pem(Authority().leaf(key)), by=BY, clock=clock)
    assert shelf.facts().issuer == "CN=Middle"


def test_with_https_off_nothing_waits(clock: ManualClock) -> None:
    tls.ensure(clock)
    changing.set_mode(tls.OFF, by=BY, clock=clock)
    changing.renew(by=BY, clock=clock)
    assert pending.read() is None


def test_required_is_taken_back_when_nobody_comes_over_https(clock: ManualClock) -> None:
    tls.ensure(clock)
    changing.set_mode(tls.REQUIRED, by=BY, clock=clock, listens=lambda _: True)
    assert tls.mode() == tls.REQUIRED
    clock.advance(61)
    changing.settle(clock)
    assert tls.mode() == tls.OPTIONAL
    assert rows()[1:] == [("alice", "web", "set HTTPS mode"), ("", "device", "take back change")]


def test_required_stays_once_it_is_kept(clock: ManualClock) -> None:
    tls.ensure(clock)
    changing.set_mode(tls.REQUIRED, by=BY, clock=clock, listens=lambda _: True)
    changing.keep(by=BY, secure=True, clock=clock)
    clock.advance(61)
    assert not changing.settle(clock)
    assert tls.mode() == tls.REQUIRED


def test_required_needs_https_that_answers(clock: ManualClock) -> None:
    tls.ensure(clock)
    with pytest.raises(DeviceError) as raised:
        changing.set_mode(tls.REQUIRED, by=BY, clock=clock, listens=lambda _: frozenset())
    assert raised.value.kind is Kind.UNAVAILABLE
    assert (tls.mode(), pending.read()) == (tls.OPTIONAL, None)


def test_the_same_mode_leaves_no_row(clock: ManualClock) -> None:
    changing.set_mode(tls.OPTIONAL, by=BY, clock=clock)
    assert rows() == []


def test_a_kill_between_taking_back_and_forgetting_harms_nothing(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    given(clock)
    change = pending.read()
    assert change is not None
    clock.advance(61)
    changing.settle(clock)
    pending.write(change)  # as if killed just before it was removed
    assert changing.settle(clock)
    assert (fingerprint(), pending.read()) == (first, None)
    assert [row[2] for row in rows()].count("take back change") == 1


def test_a_kill_before_the_switch_harms_nothing(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    pending.write(
        pending.Pending(what=pending.CERTIFICATE, back_to=shelf.current(), since=clock.now())
    )
    clock.advance(61)
    assert changing.settle(clock)
    assert (fingerprint(), pending.read()) == (first, None)


def test_a_damaged_certificate_gives_way_to_the_one_before(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    clock.advance(1)
    given(clock)
    changing.keep(by=BY, secure=True, clock=clock)
    tls.files().key.write_bytes(b"gone")
    tls.ensure(clock)
    assert fingerprint() == first


def test_where_all_are_damaged_a_new_one_is_made(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    tls.files().key.write_bytes(b"gone")
    tls.ensure(clock)
    assert fingerprint() != first


def test_the_device_renews_what_it_made(clock: ManualClock) -> None:
    tls.ensure(clock)
    first = fingerprint()
    clock.advance(774 * 86400)
    assert not changing.renew_when_due(clock)
    clock.advance(2 * 86400)
    assert changing.renew_when_due(clock)
    assert fingerprint() != first
    assert rows()[1:] == [("", "device", "renew certificate")]


def test_the_device_does_not_replace_what_it_was_given(clock: ManualClock) -> None:
    tls.ensure(clock)
    given(clock)
    changing.keep(by=BY, secure=True, clock=clock)
    clock.advance(364 * 86400)
    assert not changing.renew_when_due(clock)


def test_only_the_one_before_is_kept_beside_it(clock: ManualClock) -> None:
    tls.ensure(clock)
    for _ in range(3):
        clock.advance(1)
        changing.renew(by=BY, clock=clock)
        changing.keep(by=BY, secure=True, clock=clock)
    assert len(shelf.names()) == 2
