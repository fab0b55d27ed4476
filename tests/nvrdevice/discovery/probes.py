"""Discovery requests as clients write them, and a reader of what comes back."""

import dataclasses
import uuid

from lxml import etree

from nvrdevice.discovery.messages import DN, TDS, A, D, S

NAMES = {"s": S, "a": A, "d": D}


def message_id() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def envelope(body: str, action: str, message_id: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Envelope xmlns="{S}" xmlns:dn="{DN}" '
        f'xmlns:tds="{TDS}"><Header><a:MessageID xmlns:a="{A}">{message_id}</a:MessageID>'
        f'<a:To xmlns:a="{A}">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>'
        f'<a:Action xmlns:a="{A}">{D}/{action}</a:Action></Header><Body>{body}</Body></Envelope>'
    ).encode()


def probe(
    types: str | None = None,
    scopes: str | None = None,
    match_by: str = "",
    id_: str = "urn:uuid:1",
) -> bytes:
    inner = ""
    if types is not None:
        inner += f"<d:Types>{types}</d:Types>"
    if scopes is not None:
        rule = f' MatchBy="{match_by}"' if match_by else ""
        inner += f"<d:Scopes{rule}>{scopes}</d:Scopes>"
    return envelope(f'<d:Probe xmlns:d="{D}">{inner}</d:Probe>', "Probe", id_)


def resolve(endpoint: str, id_: str = "urn:uuid:1") -> bytes:
    reference = f'<a:EndpointReference xmlns:a="{A}"><a:Address>{endpoint}</a:Address>'
    body = f'<d:Resolve xmlns:d="{D}">{reference}</a:EndpointReference></d:Resolve>'
    return envelope(body, "Resolve", id_)


@dataclasses.dataclass(frozen=True)
class Heard:
    """A message of the device, taken apart."""

    raw: bytes

    def text(self, path: str) -> str:
        return etree.fromstring(self.raw).findtext(f".//{path}", "", NAMES)

    @property
    def action(self) -> str:
        return self.text("a:Action").removeprefix(D + "/")

    @property
    def scopes(self) -> list[str]:
        return self.text("d:Scopes").split(" ")

    @property
    def xaddrs(self) -> list[str]:
        return self.text("d:XAddrs").split(" ")

    @property
    def metadata_version(self) -> int:
        return int(self.text("d:MetadataVersion"))

    @property
    def sequence(self) -> tuple[int, int]:
        found = etree.fromstring(self.raw).find(".//d:AppSequence", NAMES)
        return int(found.get("InstanceId")), int(found.get("MessageNumber"))
