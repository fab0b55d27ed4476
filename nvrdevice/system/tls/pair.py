"""A certificate with the chain above it, and its private key."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Pair:
    """chain: the device's own certificate first, each one signed by the next."""

    chain: tuple[x509.Certificate, ...]
    key: Key = field(repr=False)

    @property
    def leaf(self) -> x509.Certificate:
        return self.chain[0]

    def certificate_pem(self) -> bytes:
        return b"".join(each.public_bytes(Encoding.PEM) for each in self.chain)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a certificate says, for people; own: this device made it for itself."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    since: datetime
    until: datetime
    fingerprint: str  # SHA-256, as browsers show it: AB:CD:…
    key: str
    self_signed: bool
    own: bool


def facts_of(leaf: x509.Certificate, *, own: bool) -> Facts:
    digest = leaf.fingerprint(hashes.SHA256()).hex().upper()
    return Facts(
        subject=leaf.subject.rfc4514_string() or "(none)",
        issuer=leaf.issuer.rfc4514_string() or "(none)",
        names=names_of(leaf),
        since=leaf.not_valid_before_utc,
        until=leaf.not_valid_after_utc,
        fingerprint=":".join(digest[i : i + 2] for i in range(0, len(digest), 2)),
        key=_key_words(leaf.public_key()),
        self_signed=is_self_signed(leaf),
        own=own,
    )


def names_of(leaf: x509.Certificate) -> tuple[str, ...]:
    """Host names, then addresses, as the certificate has them."""
    try:
        found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = cast("list[object]", found.get_values_for_type(x509.IPAddress))
    return (*found.get_values_for_type(x509.DNSName), *map(str, addresses))


def is_self_signed(certificate: x509.Certificate) -> bool:
    return certificate.subject == certificate.issuer and is_signed_by(certificate, certificate)


def is_signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def public_bytes(of: Key | x509.Certificate) -> bytes:
    """The public key alone: equal for a certificate and the private key that fits it."""
    return of.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _key_words(key: object) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return type(key).__name__.removesuffix("PublicKey").lstrip("_")
