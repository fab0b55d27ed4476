"""A certificate that somebody gives the device: taken only if TLS would work with it."""

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.system.tls.pair import Key, Pair, is_signed_by, names_of, public_bytes

SIZE_MAX = 100_000  # bytes of one file: a long chain is some 20 kB
CHAIN_MAX = 10
PASSPHRASE_MAX = 1024
RSA_BITS = (2048, 8192)
CURVES = ("secp256r1", "secp384r1", "secp521r1")
BEGIN = b"-----BEGIN"


def from_pem(
    chain: bytes, key: bytes, passphrase: str, *, now: datetime, known: Iterable[Key] = ()
) -> Pair:
    """known: keys the device has already, for a certificate that comes without one."""
    _bound(chain, "chain")
    _bound(key, "key")
    _bound_passphrase(passphrase)
    if BEGIN + b" CERTIFICATE-----" not in chain:
        raise _wrong(
            "chain", "Give a certificate in PEM form: a text that begins with BEGIN CERTIFICATE."
        )
    try:
        certificates = x509.load_pem_x509_certificates(chain)
    except ValueError:
        raise _wrong("chain", "The certificate cannot be read: the file is damaged.") from None
    if not key.strip():
        found = _fitting(certificates[0], known)
    else:
        found = _usable_key(_load_key(key, passphrase), "key")
    return _checked(Pair(tuple(certificates), found), now, "chain", "key")


def from_pkcs12(data: bytes, passphrase: str, *, now: datetime) -> Pair:
    _bound(data, "bundle")
    _bound_passphrase(passphrase)
    if not data:
        raise _wrong("bundle", "Give a PKCS#12 file, whose name often ends in .p12 or .pfx.")
    try:
        loaded = pkcs12.load_pkcs12(data, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError):
        raise _wrong(
            "passphrase",
            "The PKCS#12 file cannot be opened: the passphrase is wrong or the file is damaged.",
        ) from None
    if loaded.cert is None or loaded.key is None:
        missing = "certificate" if loaded.cert is None else "private key"
        raise _wrong("bundle", f"The PKCS#12 file has no {missing}: export it with both.")
    leaf = loaded.cert.certificate
    others = [each.certificate for each in loaded.additional_certs]
    key = _usable_key(loaded.key, "bundle")
    # The order within a bundle means nothing: the chain is put in order here.
    return _checked(Pair(_in_order(leaf, others), key), now, "bundle", "bundle")


def _load_key(data: bytes, passphrase: str) -> object:
    secret = passphrase.encode() if passphrase else None
    if BEGIN not in data:
        raise _wrong(
            "key", "Give a private key in PEM form: a text that begins with BEGIN PRIVATE KEY."
        )
    encrypted = b"ENCRYPTED" in data
    if encrypted and secret is None:
        raise _wrong("passphrase", "The private key is encrypted: give its passphrase.")
    try:
        return load_pem_private_key(data, secret if encrypted else None)
    except (ValueError, TypeError):
        if encrypted:
            text = "The private key cannot be opened: the passphrase is wrong."
            raise _wrong("passphrase", text) from None
        raise _wrong("key", "The private key cannot be read: the file is damaged.") from None


def _usable_key(key: object, field: str) -> Key:
    if isinstance(key, rsa.RSAPrivateKey):
        if RSA_BITS[0] <= key.key_size <= RSA_BITS[1]:
            return key
        raise _wrong(
            field,
            f"The key is RSA with {key.key_size} bits: it needs from {RSA_BITS[0]} to "
            f"{RSA_BITS[1]}.",
        )
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in CURVES:
        return key
    raise _wrong(
        field, "The key is of a kind few clients know: make one with RSA 2048 or EC P-256."
    )


def _fitting(leaf: x509.Certificate, known: Iterable[Key]) -> Key:
    for key in known:
        if public_bytes(key) == public_bytes(leaf):
            return key
    raise _wrong(
        "key",
        "The certificate was not made for a key of this device: give its private key too, or sign "
        "the request that this page offers.",
    )


def _in_order(
    leaf: x509.Certificate, others: list[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    chain, rest = [leaf], list(others)
    while rest:
        above = next((each for each in rest if is_signed_by(chain[-1], each)), None)
        if above is None:
            break
        chain.append(above)
        rest.remove(above)
    return tuple(chain)


def _checked(pair: Pair, now: datetime, chain_field: str, key_field: str) -> Pair:
    leaf = pair.leaf
    if len(pair.chain) > CHAIN_MAX:
        raise _wrong(chain_field, f"The chain has {len(pair.chain)} certificates: {CHAIN_MAX} do.")
    if public_bytes(leaf) != public_bytes(pair.key):
        raise _wrong(
            key_field,
            "The private key does not belong to the first certificate: give the device's own "
            "certificate first, then those above it.",
        )
    for below, above in zip(pair.chain, pair.chain[1:], strict=False):
        if not is_signed_by(below, above):
            raise _wrong(
                chain_field,
                f"The chain is out of order: {below.subject.rfc4514_string()[:100]} is not signed "
                "by the certificate after it.",
            )
    for each in pair.chain:
        _check_dates(each, now, chain_field)
    _check_use(leaf, chain_field)
    return pair


def _check_dates(certificate: x509.Certificate, now: datetime, field: str) -> None:
    name = certificate.subject.rfc4514_string()[:100] or "The certificate"
    if certificate.not_valid_after_utc <= now:
        until = certificate.not_valid_after_utc.date().isoformat()
        raise _wrong(field, f"{name} expired on {until}: get a new one.")
    if certificate.not_valid_before_utc > now:
        since = certificate.not_valid_before_utc.date().isoformat()
        raise _wrong(
            field,
            f"{name} is valid from {since} on only, and this device has "
            f"{now.date().isoformat()}: set the clock, or wait.",
        )


def _check_use(leaf: x509.Certificate, field: str) -> None:
    if not names_of(leaf):
        raise _wrong(
            field,
            "The certificate names no host (subjectAltName), so every browser would refuse it.",
        )
    try:
        uses = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & {*uses}:
        raise _wrong(field, "The certificate is not for servers (extended key usage).")


def _bound(data: bytes, field: str) -> None:
    if len(data) > SIZE_MAX:
        raise _wrong(field, f"The file is larger than {SIZE_MAX // 1000} kB: it is no certificate.")


def _bound_passphrase(passphrase: str) -> None:
    if len(passphrase) > PASSPHRASE_MAX:
        raise _wrong("passphrase", f"A passphrase has at most {PASSPHRASE_MAX} characters.")


def _wrong(field: str, text: str) -> DeviceError:
    return DeviceError(Kind.INVALID, text, field=field)
