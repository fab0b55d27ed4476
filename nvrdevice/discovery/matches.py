"""The other side of WS-Discovery: asking who is there, and reading what foreign devices answer.

Pure: bytes out, values back. What cannot be understood is no match, never an error.
"""

import dataclasses
import uuid
from collections.abc import Iterable
from urllib.parse import unquote

from nvrdevice.discovery.messages import DN, TDS, A, D, S
from nvrdevice.lib import foreign_xml

SIZE_LIMIT = 65_535
LIST_LIMIT = 64  # scopes or addresses of one device
MATCH_LIMIT = 16  # devices in one answer
SCOPE = "onvif://www.onvif.org/"
# Older cameras answer only who asks for a transmitter, newer ones may answer to tds:Device alone.
ASKED = ("dn:NetworkVideoTransmitter", "tds:Device")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Match:
    """A device as it announced itself; senders: the addresses its answers came from."""

    endpoint: str
    scopes: tuple[str, ...] = ()
    xaddrs: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()

    def said(self, category: str) -> str:
        """What the scopes say of "name", "hardware" or "location"; the first of each."""
        start = SCOPE + category + "/"
        found = next((each for each in self.scopes if each.startswith(start)), "")
        return "".join(c for c in unquote(found.removeprefix(start)) if c.isprintable())[:64]


def probe(types: str, message_id: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<s:Envelope xmlns:s="{S}" xmlns:a="{A}" xmlns:d="{D}" xmlns:dn="{DN}" xmlns:tds="{TDS}">'
        f"<s:Header><a:MessageID>{message_id}</a:MessageID>"
        "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
        f"<a:Action>{D}/Probe</a:Action></s:Header>"
        f"<s:Body><d:Probe><d:Types>{types}</d:Types></d:Probe></s:Body></s:Envelope>"
    ).encode()


def new_id() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def read(data: bytes, asked: Iterable[str], sender: str) -> list[Match]:
    """The devices in an answer to one of the probes whose ids are asked."""
    root = foreign_xml.parse(data, limit=SIZE_LIMIT)
    if root is None or root.tag != f"{{{S}}}Envelope":
        return []
    relates = foreign_xml.text(root.find(f"{{{S}}}Header/{{{A}}}RelatesTo"))
    # Some devices leave "urn:" away, some write capitals.
    if relates[-36:].lower() not in {each[-36:].lower() for each in asked}:
        return []
    path = f"{{{S}}}Body/{{{D}}}ProbeMatches/{{{D}}}ProbeMatch"
    found = []
    for match in root.findall(path)[:MATCH_LIMIT]:
        xaddrs = foreign_xml.text(match.find(f"{{{D}}}XAddrs"), limit=4096).split()
        scopes = foreign_xml.text(match.find(f"{{{D}}}Scopes"), limit=8192).split()
        endpoint = foreign_xml.text(match.find(f"{{{A}}}EndpointReference/{{{A}}}Address"))
        if xaddrs or endpoint:
            found.append(
                Match(
                    endpoint=endpoint or xaddrs[0],
                    scopes=tuple(scopes[:LIST_LIMIT]),
                    xaddrs=tuple(xaddrs[:LIST_LIMIT]),
                    senders=(sender,),
                )
            )
    return found


def merge(found: Iterable[Match], limit: int) -> list[Match]:
    """One entry a device, in the order of their first answers."""
    by_endpoint: dict[str, Match] = {}
    for match in found:
        known = by_endpoint.get(match.endpoint)
        if known is not None:
            match = dataclasses.replace(
                known,
                xaddrs=tuple(dict.fromkeys(known.xaddrs + match.xaddrs))[:LIST_LIMIT],
                senders=tuple(dict.fromkeys(known.senders + match.senders))[:LIST_LIMIT],
            )
        elif len(by_endpoint) >= limit:
            continue
        by_endpoint[match.endpoint] = match
    return list(by_endpoint.values())
