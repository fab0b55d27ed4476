"""Name servers and search domains, and who named them."""

from pathlib import Path

from nvrdevice.system import dns
from nvrdevice.system.dhcp_leases import Told
from nvrdevice.system.dns import Dns


def resolv_conf(root: Path, text: str, at: str = "etc/resolv.conf") -> None:
    path = root / at
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_servers_of_a_dhcp_server_and_of_a_person(tmp_path: Path) -> None:
    resolv_conf(
        tmp_path, "# made by hand\nsearch lan example.org\nnameserver 192.0.2.1\nnameserver ::5\n"
    )
    assert dns.read(tmp_path, Told(frozenset({"192.0.2.1"}))) == Dns(
        ("lan", "example.org"), ("192.0.2.1",), ("::5",)
    )


def test_behind_the_stub_of_systemd_resolved(tmp_path: Path) -> None:
    resolv_conf(tmp_path, "nameserver 127.0.0.53\nsearch .\n")
    resolv_conf(tmp_path, "nameserver 192.0.2.1\n", "run/systemd/resolve/resolv.conf")
    assert dns.read(tmp_path, Told()) == Dns((), (), ("192.0.2.1",))


def test_what_is_no_address_is_left_out(tmp_path: Path) -> None:
    resolv_conf(tmp_path, "nameserver\nnameserver one\nnameserver fe80::1%eth0\n")
    assert dns.read(tmp_path, Told()).manual == ("fe80::1",)


def test_no_file_no_servers(tmp_path: Path) -> None:
    assert dns.read(tmp_path, Told()) == Dns((), (), ())
