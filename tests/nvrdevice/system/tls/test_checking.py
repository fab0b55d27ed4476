"""What is given is taken whole or refused with a sentence; nothing in between."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from nvrdevice.lib.errors import DeviceError
from nvrdevice.system.tls import checking
from nvrdevice.system.tls.pair import Pair
from tests.nvrdevice.system.tls.authority import NOW, Authority, key_pem, new_key, pem, signed

HOUSE = Authority()
KEY = new_key()
LEAF = HOUSE.leaf(KEY)


def refusal(chain: bytes, key: bytes = b"", passphrase: str = "") -> tuple[str | None, str]:
    with pytest.raises(DeviceError) as raised:
        checking.from_pem(chain, key, passphrase, now=NOW)
    return raised.value.field, raised.value.text


def test_a_chain_with_its_key_is_taken() -> None:
    chain = pem(LEAF, HOUSE.middle, HOUSE.root)
    pair = checking.from_pem(chain, key_pem(KEY), "", now=NOW)
    assert pair.certificate_pem() == chain
    assert pair.key_pem() == key_pem(KEY)


def test_an_encrypted_key_opens_with_its_passphrase() -> None:
    pair = checking.from_pem(pem(LEAF), key_pem(KEY, "s3cret"), "s3cret", now=NOW)
    assert pair.key_pem() == key_pem(KEY)


def test_an_encrypted_key_asks_for_its_passphrase() -> None:
    assert refusal(pem(LEAF), key_pem(KEY, "s3cret")) == (
        "passphrase",
        "The private key is encrypted: give its passphrase.",
    )


def test_a_wrong_passphrase_is_named() -> None:
    assert refusal(pem(LEAF), key_pem(KEY, "s3cret"), "other") == (
        "passphrase",
        "The private key cannot be opened: the passphrase is wrong.",
    )


def test_the_key_of_another_certificate_is_refused() -> None:
    assert refusal(pem(LEAF), key_pem(new_key()))[0] == "key"


def test_a_certificate_without_a_key_fits_one_that_is_known() -> None:
    pair = checking.from_pem(pem(LEAF), b"", "", now=NOW, known=[new_key(), KEY])
    assert pair.key is KEY


def test_a_certificate_without_a_key_that_is_known_is_refused() -> None:
    assert refusal(pem(LEAF))[0] == "key"


def test_a_chain_that_begins_at_the_top_is_refused() -> None:
    field, text = refusal(pem(HOUSE.middle, LEAF), key_pem(KEY))
    assert (field, text.split(":")[0]) == (
        "key",
        "The private key does not belong to the first certificate",
    )


def test_a_chain_out_of_order_is_refused() -> None:
    assert refusal(pem(LEAF, HOUSE.root, HOUSE.middle), key_pem(KEY)) == (
        "chain",
        "The chain is out of order: CN=camera is not signed by the certificate after it.",
    )


def test_an_expired_certificate_is_refused() -> None:
    old = HOUSE.leaf(KEY, since=NOW - timedelta(days=9), until=NOW - timedelta(days=1))
    assert refusal(pem(old), key_pem(KEY)) == (
        "chain",
        "CN=camera expired on 2031-05-20: get a new one.",
    )


def test_a_certificate_of_tomorrow_is_refused() -> None:
    later = HOUSE.leaf(KEY, since=NOW + timedelta(days=1))
    assert refusal(pem(later), key_pem(KEY)) == (
        "chain",
        "CN=camera is valid from 2031-05-22 on only, and this device has 2031-05-21: "
        "set the clock, or wait.",
    )


def test_an_expired_authority_is_refused() -> None:
    top = new_key()
    root = signed("Old", top, "Old", top, ca=True, until=NOW - timedelta(hours=1))
    leaf = signed("camera", KEY, "Old", top)
    assert refusal(pem(leaf, root), key_pem(KEY))[1] == (
        "CN=Old expired on 2031-05-21: get a new one."
    )


def test_a_short_rsa_key_is_refused() -> None:
    short = rsa.generate_private_key(65537, 1024)
    assert refusal(pem(HOUSE.leaf(short)), key_pem(short)) == (
        "key",
        "The key is RSA with 1024 bits: it needs from 2048 to 8192.",
    )


def test_a_key_few_clients_know_is_refused() -> None:
    rare = ed25519.Ed25519PrivateKey.generate()
    assert refusal(pem(HOUSE.leaf(rare)), key_pem(rare))[0] == "key"


def test_a_certificate_for_mail_is_refused() -> None:
    mail = HOUSE.leaf(KEY, uses=(ExtendedKeyUsageOID.EMAIL_PROTECTION,))
    assert refusal(pem(mail), key_pem(KEY)) == (
        "chain",
        "The certificate is not for servers (extended key usage).",
    )


def test_a_certificate_that_names_no_host_is_refused() -> None:
    assert refusal(pem(HOUSE.leaf(KEY, names=())), key_pem(KEY))[0] == "chain"


@pytest.mark.parametrize(
    ("chain", "key", "field"),
    [
        (b"", b"", "chain"),
        (b"hello", b"", "chain"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"", "chain"),
        (b"x" * 100_001, b"", "chain"),
        (pem(LEAF), b"x" * 100_001, "key"),
        (pem(LEAF), b"hello", "key"),
        (pem(LEAF), b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "key"),
        (pem(*[HOUSE.root] * 11), b"", "key"),
    ],
)
def test_nonsense_is_refused(chain: bytes, key: bytes, field: str) -> None:
    assert refusal(chain, key)[0] == field


def bundle(passphrase: str = "s3cret") -> bytes:
    how = BestAvailableEncryption(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(b"c", KEY, LEAF, [HOUSE.root, HOUSE.middle], how)


def test_a_bundle_is_taken_and_its_chain_put_in_order() -> None:
    pair = checking.from_pkcs12(bundle(), "s3cret", now=NOW)
    assert pair.chain == (LEAF, HOUSE.middle, HOUSE.root)


@pytest.mark.parametrize(
    ("data", "passphrase"), [(bundle(), ""), (bundle(), "x"), (b"x", "s3cret")]
)
def test_a_bundle_that_does_not_open_is_refused(data: bytes, passphrase: str) -> None:
    with pytest.raises(DeviceError) as raised:
        checking.from_pkcs12(data, passphrase, now=NOW)
    assert raised.value.field == "passphrase"


def test_no_key_is_ever_told() -> None:
    assert "PRIVATE" not in repr(Pair((LEAF,), KEY)) and "key" not in repr(Pair((LEAF,), KEY))
