"""Certificates as a device has them: self-signed, in a folder of the test's own."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BORN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Files:
    certificate: Path
    key: Path


def make(folder: Path, name: str) -> bytes:
    """Write certificate.pem and key.pem; the certificate as a client sees it (DER)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BORN)
        .not_valid_after(BORN.replace(year=2046))
        .sign(key, hashes.SHA256())
    )
    files = files_in(folder)
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made.public_bytes(serialization.Encoding.DER)


def files_in(folder: Path) -> Files:
    return Files(folder / "certificate.pem", folder / "key.pem")
