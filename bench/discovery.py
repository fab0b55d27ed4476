"""From a Probe to its ProbeMatch, and what an answer costs.

A Probe by multicast is answered after a random delay of up to half a second, as WS-Discovery
wants; one by unicast is answered at once, so that is what can be measured. Probes come from
several loopback addresses, since each sender gets only a few answers a second.
"""

import socket
import time
import uuid
from collections.abc import Callable

from bench import processes, stand
from bench.figures import Figure
from tests.e2e.running_device import RunningDevice

SENDERS = 8
EACH = 8
PAUSE_S = 0.06
PROBE = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
 xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>
<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>
<a:MessageID>urn:uuid:{id}</a:MessageID>
<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>
<s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>"""


def measure() -> list[Figure]:
    with stand.whole_device(motion=False) as device:
        pid = processes.named(stand.pids(device), "rundevice")
        idle = _cost_ms(pid, lambda: time.sleep(SENDERS * EACH * PAUSE_S))
        took_ms: list[float] = []
        busy = _cost_ms(pid, lambda: took_ms.extend(_probes(device)))
    return [
        Figure("Probe (unicast) to ProbeMatch", "ms", tuple(took_ms)),
        Figure("processor for each Probe", "ms", ((busy - idle) / len(took_ms),)),
    ]


def _cost_ms(pid: int, act: Callable[[], None]) -> float:
    before_s = processes.cpu_s([pid])
    act()
    return (processes.cpu_s([pid]) - before_s) * 1000


def _probes(device: RunningDevice) -> list[float]:
    took_ms = []
    for number in range(SENDERS):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind((f"127.0.0.{number + 1}", 0))
            sender.settimeout(5)
            for _ in range(EACH):
                took_ms.append(_probe(sender, device.discovery_port))
                time.sleep(PAUSE_S)
    return took_ms


def _probe(sender: socket.socket, port: int) -> float:
    message_id = str(uuid.uuid4())
    began_s = time.perf_counter()
    sender.sendto(PROBE.format(id=message_id).encode(), ("127.0.0.1", port))
    while message_id.encode() not in sender.recv(65535):  # the last answer comes twice
        pass
    return (time.perf_counter() - began_s) * 1000
