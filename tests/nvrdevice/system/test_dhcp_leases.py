"""What DHCP servers told, in the files of three clients."""

import os
from pathlib import Path

from nvrdevice.system import dhcp_leases
from nvrdevice.system.dhcp_leases import Told

NETWORKD = "ADDRESS=192.0.2.9\nDNS=192.0.2.1 192.0.2.2\nNTP=192.0.2.3\nHOSTNAME=eye\n"
DHCLIENT = """\
lease {
  interface "eth0";
  option domain-name-servers 10.0.0.1;
}
lease {
  interface "eth0";
  option domain-name-servers 10.0.0.5,10.0.0.6;
  option ntp-servers 10.0.0.7;
  option host-name "door";
}
"""


def write(path: Path, text: str, at_s: float = 1000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (at_s, at_s))


def test_systemd_networkd(tmp_path: Path) -> None:
    write(tmp_path / "run/systemd/netif/leases/2", NETWORKD)
    assert dhcp_leases.read(tmp_path, 0) == Told(
        frozenset({"192.0.2.1", "192.0.2.2"}), ("192.0.2.3",), frozenset({"eye"})
    )


def test_network_manager(tmp_path: Path) -> None:
    write(tmp_path / "var/lib/NetworkManager/internal-1-eth0.lease", NETWORKD)
    assert dhcp_leases.read(tmp_path, 0).hostnames == frozenset({"eye"})


def test_the_last_lease_of_dhclient_counts(tmp_path: Path) -> None:
    write(tmp_path / "var/lib/dhcp/dhclient.eth0.leases", DHCLIENT)
    assert dhcp_leases.read(tmp_path, 0) == Told(
        frozenset({"10.0.0.5", "10.0.0.6"}), ("10.0.0.7",), frozenset({"door"})
    )


def test_a_lease_from_before_this_boot_counts_nothing(tmp_path: Path) -> None:
    write(tmp_path / "run/systemd/netif/leases/2", NETWORKD, at_s=1000)
    assert dhcp_leases.read(tmp_path, 2000) == Told()


def test_no_client_no_knowledge(tmp_path: Path) -> None:
    assert dhcp_leases.read(tmp_path) == Told()
