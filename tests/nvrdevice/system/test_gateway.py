"""Default gateways out of the kernel's tables, the preferred one first."""

from pathlib import Path

from nvrdevice.system import gateway

ROUTE = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
"""
NOWHERE = "0" * 32
ROUTE_6 = (
    f"{NOWHERE} 00 {NOWHERE} 00 fe800000000000000000000000000001 00000400 00000001 00000000 "
    "00000003 eth0\n"
    f"{NOWHERE} 00 {NOWHERE} 00 {NOWHERE} ffffffff 00000001 00000000 00200200 lo\n"
)


def test_gateways(tmp_path: Path) -> None:
    (tmp_path / "route").write_text(ROUTE)
    (tmp_path / "ipv6_route").write_text(ROUTE_6)
    assert gateway.default_gateways(tmp_path) == ("192.0.2.1", "192.168.0.1", "fe80::1")
    assert gateway.default_interfaces(tmp_path) == frozenset({"eth0", "wlan0"})


def test_no_network_no_gateway(tmp_path: Path) -> None:
    assert gateway.default_gateways(tmp_path) == ()
