"""A small raw SOAP client, for what the comfortable clients hide."""

import base64
import hashlib
import os
import urllib.error
import urllib.request
from datetime import UTC, datetime

from lxml import etree

from tests.e2e.running_device import PASSWORD, RunningDevice

SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
NAMESPACES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "tt": "http://www.onvif.org/ver10/schema",
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
}


def username_token(username: str, password: str) -> str:
    nonce = os.urandom(16)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    digest = hashlib.sha1(nonce + created.encode() + password.encode()).digest()
    return (
        f'<wsse:Security xmlns:wsse="{SECURITY}-wssecurity-secext-1.0.xsd" '
        f'xmlns:wsu="{SECURITY}-wssecurity-utility-1.0.xsd"><wsse:UsernameToken>'
        f"<wsse:Username>{username}</wsse:Username>"
        f'<wsse:Password Type="{SECURITY}-username-token-profile-1.0#PasswordDigest">'
        f"{base64.b64encode(digest).decode()}</wsse:Password>"
        f"<wsse:Nonce>{base64.b64encode(nonce).decode()}</wsse:Nonce>"
        f"<wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security>"
    )


def envelope(body: str, username: str = "admin", password: str = PASSWORD) -> bytes:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return (
        f"<s:Envelope {spaces}><s:Header>{username_token(username, password)}</s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def post(url: str, data: bytes, timeout_s: float = 90) -> tuple[int, etree._Element]:
    """Status and root of the answer; faults come back too, they are answers."""
    request = urllib.request.Request(
        url, data=data, headers={"Content-Type": "application/soap+xml; charset=utf-8"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:
            return answer.status, etree.fromstring(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, etree.fromstring(error.read())


def call(
    device: RunningDevice,
    path: str,
    body: str,
    timeout_s: float = 90,
    username: str = "admin",
) -> etree._Element:
    """The body of a good answer; AssertionError with the fault otherwise."""
    url = path if path.startswith("http") else device.url + path
    status, root = post(url, envelope(body, username), timeout_s)
    assert status == 200, etree.tostring(root, pretty_print=True).decode()
    return root.find("s:Body", NAMESPACES)[0]


class PullPoint:
    """One subscription, from its creation to the messages that come out of it."""

    def __init__(self, device: RunningDevice, topic: str = "", *, username: str = "admin") -> None:
        self.device, self.username = device, username
        dialect = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
        wanted = (
            "<tev:Filter><wsnt:TopicExpression "
            f'xmlns:tns1="http://www.onvif.org/ver10/topics" Dialect="{dialect}">'
            f"{topic}</wsnt:TopicExpression></tev:Filter>"
            if topic
            else ""
        )
        answer = call(
            device,
            "/onvif/event_service",
            f"<tev:CreatePullPointSubscription>{wanted}"
            "<tev:InitialTerminationTime>PT600S</tev:InitialTerminationTime>"
            "</tev:CreatePullPointSubscription>",
            username=username,
        )
        self.address: str = answer.findtext(".//wsa:Address", namespaces=NAMESPACES).strip()

    def pull(self, timeout_s: int = 5, limit: int = 100) -> list[tuple[str, str, dict[str, str]]]:
        """Messages as (topic, operation, data items)."""
        answer = call(
            self.device,
            self.address,
            f"<tev:PullMessages><tev:Timeout>PT{timeout_s}S</tev:Timeout>"
            f"<tev:MessageLimit>{limit}</tev:MessageLimit></tev:PullMessages>",
            timeout_s + 30,
            self.username,
        )
        found = []
        for message in answer.findall("wsnt:NotificationMessage", NAMESPACES):
            content = message.find(".//tt:Message", NAMESPACES)
            items = content.findall("tt:Data/tt:SimpleItem", NAMESPACES)
            found.append(
                (
                    message.findtext("wsnt:Topic", namespaces=NAMESPACES).strip(),
                    content.get("PropertyOperation", ""),
                    {item.get("Name"): item.get("Value") for item in items},
                )
            )
        return found
