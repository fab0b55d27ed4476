"""Run with -m in a network namespace: a responder (`device`) or a client (`ask`, `hear`, `find`).

device PORT        speaks until it is ended; its web port is open
ask PORT ADDRESS   multicasts a Probe by the interface with this address, prints the answers
hear PORT ADDRESS  prints one announcement a line as it comes
find PORT          searches by every interface, as `manage discover` does; prints the devices
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from typing import Any

from tests.nvrdevice.discovery import probes
from tests.nvrdevice.discovery.probes import Heard

GROUP, GROUP_6 = "239.255.255.250", "ff02::c"
ANSWER_S = 2.0  # longer than all delays of an answer


def run_device(port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "nvrdevice.settings"
    os.environ["DISCOVERY_PORT"] = str(port)
    import django

    django.setup()
    from django.conf import settings

    from nvrdevice.discovery import facts

    async def speak() -> None:
        responder = facts.responder()
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        await responder.start()
        await ended.wait()
        await responder.stop()

    address = ("::", settings.SERVICE_PORT)
    with socket.create_server(address, family=socket.AF_INET6, dualstack_ipv6=True):
        asyncio.run(speak())


def ask(port: int, own: str) -> None:
    """One JSON line an answer: who sent it and its XAddrs."""
    with _socket(own) as client:
        if ":" in own:
            client.bind(socket.getaddrinfo(own, 0)[0][4])
            client.sendto(probes.probe(id_=probes.message_id()), _target_6(port, own))
        else:
            client.bind((own, 0))
            client.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
            client.sendto(probes.probe(id_=probes.message_id()), (GROUP, port))
        end = time.monotonic() + ANSWER_S
        seen = set()
        with contextlib.suppress(TimeoutError):
            while (left := end - time.monotonic()) > 0:
                client.settimeout(left)
                raw, sender = client.recvfrom(65_535)
                if raw not in seen:
                    seen.add(raw)
                    _print({"sender": sender[0].split("%")[0], "xaddrs": Heard(raw).xaddrs})


def hear(port: int, own: str) -> None:
    with _socket(own) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        client.bind((GROUP, port))
        membership = socket.inet_aton(GROUP) + socket.inet_aton(own)
        client.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        _print({"action": "listening"})
        while True:
            heard = Heard(client.recv(65_535))
            if heard.action in ("Hello", "Bye"):
                _print({"action": heard.action, "xaddrs": heard.xaddrs})


def find(port: int) -> None:
    """One JSON line a device: its addresses, and the senders of its answers."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "nvrdevice.settings"
    import django

    django.setup()
    from nvrdevice.discovery import search
    from nvrdevice.system import interfaces

    for match in search.search(interfaces.usable(), port):
        _print({"xaddrs": list(match.xaddrs), "senders": list(match.senders)})


def _socket(own: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in own else socket.AF_INET
    return socket.socket(family, socket.SOCK_DGRAM)


def _target_6(port: int, own: str) -> tuple[Any, ...]:
    name = own.partition("%")[2]
    return GROUP_6, port, 0, socket.if_nametoindex(name)


def _print(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _, what, port_text, *rest = sys.argv
    {"device": run_device, "ask": ask, "hear": hear, "find": find}[what](int(port_text), *rest)
