"""The sequences of tests/fixtures/nvr as typed values; its README says what the keys mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from onvif_api.soap.namespaces import prefixed

FOLDER = Path(__file__).parents[2] / "fixtures" / "nvr"
LOGINS = ("wsse", "text", "none", "http-md5", "http-sha-256")
HAPPENINGS = ("", "motion starts", "motion stops")


@dataclass(frozen=True, kw_only=True)
class Step:
    file: str
    login: str
    content_type: str
    path: str = "/onvif/device_service"
    headers: Mapping[str, str] = field(default_factory=dict)
    meanwhile: str = ""
    fault: str = ""
    read: tuple[str, ...] = ()
    lack: tuple[str, ...] = ()
    equal: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.login in LOGINS, self.login
        assert self.meanwhile in HAPPENINGS, self.meanwhile

    @property
    def body(self) -> str:
        # Read as bytes: the line ends are the client's.
        return (FOLDER / self.file).read_bytes().decode()

    @property
    def request(self) -> etree._Element:
        """The operation's element."""
        envelope = etree.fromstring(self.body.lstrip().encode())
        return envelope[-1][0]

    @property
    def operation(self) -> str:
        """As "trt:GetProfiles"."""
        return prefixed(self.request.tag)


@dataclass(frozen=True, kw_only=True)
class Sequence:
    name: str
    client: str
    user: str
    created: str
    nonce_bytes: int
    steps: tuple[Step, ...]


def load(path: Path) -> Sequence:
    found = yaml.safe_load(path.read_text())
    usual = {"login": found["login"], "content_type": found["content_type"]}
    return Sequence(
        name=path.stem,
        client=found["client"],
        user=found["user"],
        created=found.get("created", "seconds"),
        nonce_bytes=found.get("nonce_bytes", 16),
        steps=tuple(Step(**{**usual, **step}) for step in found["steps"]),
    )


def all_sequences() -> list[Sequence]:
    return [load(path) for path in sorted(FOLDER.glob("*.yaml"))]
