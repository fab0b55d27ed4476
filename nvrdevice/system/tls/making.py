"""Certificates the device signs for itself, and requests for somebody else to sign."""

import ipaddress
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from nvrdevice.system import hostname, interfaces
from nvrdevice.system.address_table import IPAddress
from nvrdevice.system.tls.pair import Pair

LIFE = timedelta(days=820)  # Apple's systems refuse self-signed ones of more than 825 days
BACKDATED = timedelta(days=1)  # for clients whose clock is behind
NAMES_MAX = 64
LABELS = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*")
LOOPBACK = (ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1"))


def self_signed(names: Iterable[str], addresses: Iterable[IPAddress], now: datetime) -> Pair:
    """A certificate over a key made for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    alternatives = _alternatives(names, addresses)
    first = next((each.value for each in alternatives if isinstance(each, x509.DNSName)), "")
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, first[:64] or "nvrdevice"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "NVR Device"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Pair((certificate,), key)


def request(pair: Pair, names: Iterable[str], addresses: Iterable[IPAddress]) -> bytes:
    """A signing request in PEM for the key of pair."""
    alternatives = _alternatives(names, addresses)
    first = next((each.value for each in alternatives if isinstance(each, x509.DNSName)), "")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, first[:64] or "nvrdevice")])
    return (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .sign(pair.key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )


def own_names() -> tuple[str, ...]:
    """What this machine is called, also by multicast DNS."""
    name = hostname.read().name.strip(".")
    found = (name, f"{name.partition('.')[0]}.local", "localhost") if name else ("localhost",)
    return tuple(dict.fromkeys(each for each in found if LABELS.fullmatch(each)))


def own_addresses() -> tuple[IPAddress, ...]:
    """The addresses this machine has now; temporary ones are gone by tomorrow."""
    found = [
        address.ip
        for each in interfaces.list_interfaces()
        if each.up
        for address in (*each.ipv4, *each.ipv6)
        if not address.temporary
    ]
    return tuple(dict.fromkeys((*found, *LOOPBACK)))


def _alternatives(
    names: Iterable[str], addresses: Iterable[IPAddress]
) -> list[x509.DNSName | x509.IPAddress]:
    # An address of IPv6 may carry its interface; a certificate has no place for that.
    plain = (ipaddress.ip_address(str(address).partition("%")[0]) for address in addresses)
    found: list[x509.DNSName | x509.IPAddress] = [x509.DNSName(name) for name in names]
    return (found + [x509.IPAddress(address) for address in dict.fromkeys(plain)])[:NAMES_MAX]
