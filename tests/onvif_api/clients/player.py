"""Playing a client's sequence through the ASGI callable, as that client's user."""

import asyncio
import base64
import hashlib
import secrets
import uuid
from datetime import timedelta
from string import Template
from urllib.parse import urlsplit

from lxml import etree

from nvrdevice.events import publish
from nvrdevice.lib.clock import SYSTEM_CLOCK, iso_utc
from onvif_api.soap.app import SoapApp
from onvif_api.soap.namespaces import NS
from tests.onvif_api import soap_client
from tests.onvif_api.clients.sequence import Sequence, Step
from tests.onvif_api.soap.http_digest import authorization
from tests.onvif_api.soap_client import PASSWORDS, Answer

TOPICS = "http://www.onvif.org/ver10/topics"
MOTION = "tns1:VideoSource/MotionAlarm"
ALGORITHMS = {"http-md5": "algorithm=MD5", "http-sha-256": "algorithm=SHA-256"}


class Player:
    def __init__(self, sequence: Sequence) -> None:
        self._sequence = sequence
        self._kept: dict[str, str] = {}

    def play(self) -> None:
        for step in self._sequence.steps:
            if step.meanwhile:
                publish(
                    MOTION,
                    source={"Source": "source1"},
                    data={"State": step.meanwhile == "motion starts"},
                )
            self._check(step, asyncio.run(self._ask(step)))

    async def _ask(self, step: Step) -> Answer:
        values = self._kept | self._made(step)
        body = Template(step.body).substitute(values).encode()
        address = urlsplit(Template(step.path).substitute(values))
        path = address.path + (f"?{address.query}" if address.query else "")
        content_type = Template(step.content_type).substitute(values)
        app = SoapApp(runner=soap_client.run_here)

        async def send(**headers: str) -> Answer:
            answer = await soap_client.send(
                app,
                body,
                path,
                content_type=content_type or None,
                headers={**{key.lower(): value for key, value in step.headers.items()}, **headers},
            )
            soap_client.check(answer)
            return answer

        answer = await send()
        if answer.status == 401 and step.login in ALGORITHMS:
            found = [one for one in answer.header("www-authenticate") if _fits(step, one)]
            user = self._sequence.user
            header = authorization(found[0], user, PASSWORDS[user], method="POST", uri=path)
            return await send(authorization=header)
        return answer

    def _made(self, step: Step) -> dict[str, str]:
        """What a client makes anew for each request."""
        now = SYSTEM_CLOCK.now()
        nonce = secrets.token_bytes(self._sequence.nonce_bytes)
        created = now.strftime("%Y-%m-%dT%H:%M:%S")
        if self._sequence.created == "milliseconds":
            created += f".{now.microsecond // 1000:03}"
        created += "Z"
        password = PASSWORDS[self._sequence.user]
        digest = hashlib.sha1(nonce + created.encode() + password.encode()).digest()
        tag = etree.QName(step.request)
        return {
            "username": self._sequence.user,
            "password": password,
            "digest": base64.b64encode(digest).decode(),
            "nonce": base64.b64encode(nonce).decode(),
            "created": created,
            "expires": iso_utc(now + timedelta(seconds=10)),
            "in_a_minute": iso_utc(now + timedelta(seconds=60)),
            "uuid": str(uuid.uuid4()),
            "operation": f"{tag.namespace}/{tag.localname}",
        }

    def _check(self, step: Step, answer: Answer) -> None:
        said = f"{step.file}: {answer.raw.decode()}"
        assert answer.fault == step.fault, said
        assert (answer.status == 200) == (step.fault == ""), said
        for path in step.read:
            found = values(answer, path)
            assert found, f"{path} is missing in the answer to {said}"
            assert all(found), f"{path} is empty in the answer to {said}"
        for path in step.lack:
            assert values(answer, path) == [], said
        for path, wanted in step.equal.items():
            found = values(answer, path)
            assert found == (wanted if isinstance(wanted, list) else [wanted]), f"{path}: {said}"
        for name, path in step.keep.items():
            self._kept[name] = values(answer, path)[0]


def values(answer: Answer, path: str) -> list[str]:
    """The texts and attributes at an XPath below the answer's element; "" of empty ones."""
    names = {prefix: uri for prefix, uri in NS.items() if prefix != "xml"}
    found = []
    for one in answer.body.xpath(path, namespaces={**names, "tns1": TOPICS}):
        if isinstance(one, etree._Element):
            # An element counts as its text, else as what it holds.
            held = len(one) or len(one.attrib)
            found.append((one.text or "").strip() or ("something" if held else ""))
        else:
            found.append(str(one))
    return found


def _fits(step: Step, challenge: str) -> bool:
    return ALGORITHMS[step.login] in challenge
