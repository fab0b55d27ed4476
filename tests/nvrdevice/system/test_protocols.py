"""Ports that are truly open, and for whom."""

import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest

from nvrdevice.system import protocols
from nvrdevice.system.address_table import IPAddress

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:216A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   2: 0100007F:1F41 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0
"""
TCP_6 = """\
  sl  local_address remote_address st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 00000000000000000000000000000000:1F42 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0
   1: 00000000000000000000000001000000:1F43 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0
"""


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    (tmp_path / "tcp").write_text(TCP)
    (tmp_path / "tcp6").write_text(TCP_6)
    return tmp_path


@pytest.mark.parametrize(
    ("port", "addresses"),
    [
        (8000, {"0.0.0.0"}),
        (8554, {"127.0.0.1"}),
        (8001, set()),
        (8002, {"::"}),
        (8003, {"::1"}),
    ],
)
def test_the_tables_of_proc(proc: Path, port: int, addresses: set[str]) -> None:
    assert protocols.read_tables(port, proc) == {ip_address(each) for each in addresses}


@pytest.mark.parametrize("look", [protocols.listening, protocols.read_tables])
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1", "::"])
def test_a_port_of_this_machine_opens_and_closes(
    look: Callable[[int], frozenset[IPAddress]], address: str
) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as server:
        port = server.getsockname()[1]
        assert look(port) == {ip_address(address)}
    assert look(port) == frozenset()


@pytest.mark.parametrize(
    ("open_on", "address", "reached"),
    [
        ("0.0.0.0", "192.0.2.1", True),
        ("0.0.0.0", "fd00::1", False),
        ("::", "192.0.2.1", True),
        ("::", "fd00::1", True),
        ("192.0.2.1", "192.0.2.1", True),
        ("127.0.0.1", "192.0.2.1", False),
    ],
)
def test_reaches(open_on: str, address: str, reached: bool) -> None:
    assert protocols.reaches(frozenset({ip_address(open_on)}), ip_address(address)) is reached
