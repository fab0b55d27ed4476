"""The time servers of chrony and of systemd-timesyncd."""

from pathlib import Path

import pytest

from nvrdevice.system import ntp
from nvrdevice.system.dhcp_leases import Told
from nvrdevice.system.ntp import Ntp


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("text", "servers"),
    [
        ("[Time]\nNTP=a.example b.example\nFallbackNTP=c.example\n", ("a.example", "b.example")),
        ("[Time]\n#NTP=a.example\nFallbackNTP=c.example\n", ("c.example",)),
        ("[Time]\nNTP=a.example\nNTP=\nNTP=b.example\n", ("b.example",)),
        ("[Time]\n#NTP=\n", ()),
    ],
)
def test_timesyncd(tmp_path: Path, text: str, servers: tuple[str, ...]) -> None:
    write(tmp_path / "etc/systemd/timesyncd.conf", text)
    assert ntp.read(tmp_path, Told(), "systemd-timesyn") == Ntp((), servers)


def test_timesyncd_takes_what_dhcp_named(tmp_path: Path) -> None:
    told = Told(ntp=("192.0.2.3",))
    assert ntp.read(tmp_path, told, "systemd-timesyn") == Ntp(("192.0.2.3",), ())


def test_chrony(tmp_path: Path) -> None:
    write(tmp_path / "etc/chrony/chrony.conf", "pool 2.debian.pool.ntp.org iburst\n# server no\n")
    write(tmp_path / "run/chrony-dhcp/eth0.sources", "server 192.0.2.3 iburst\n")
    assert ntp.read(tmp_path, Told(), "chronyd") == Ntp(("192.0.2.3",), ("2.debian.pool.ntp.org",))


def test_nothing_configured(tmp_path: Path) -> None:
    assert ntp.read(tmp_path, Told(), "") == Ntp((), ())
