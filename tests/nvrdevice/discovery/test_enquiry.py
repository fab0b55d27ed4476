"""Foreign devices are asked for their streams; whatever they answer harms nobody."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from nvrdevice.discovery import enquiry, questions
from nvrdevice.discovery.enquiry import Stream
from nvrdevice.discovery.matches import Match
from nvrdevice.discovery.questions import WSSE, WSU, Asker, Login
from tests.nvrdevice.discovery.foreign_device import (
    Answers,
    ForeignDevice,
    Reply,
    S,
    envelope,
    fault,
    serving,
)

LOGIN = Login("admin", "picture-of-a-door")


def time_answer(moment: datetime) -> Reply:
    return 200, envelope(
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime>"
        f"<tt:Time><tt:Hour>{moment.hour}</tt:Hour><tt:Minute>{moment.minute}</tt:Minute>"
        f"<tt:Second>{moment.second}</tt:Second></tt:Time>"
        f"<tt:Date><tt:Year>{moment.year}</tt:Year><tt:Month>{moment.month}</tt:Month>"
        f"<tt:Day>{moment.day}</tt:Day></tt:Date>"
        "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


def services(media: str) -> Reply:
    return 200, envelope(
        "<tds:GetServicesResponse><tds:Service>"
        "<tds:Namespace>http://www.onvif.org/ver10/media/wsdl</tds:Namespace>"
        f"<tds:XAddr>{media}</tds:XAddr></tds:Service></tds:GetServicesResponse>"
    )


INFORMATION = (
    200,
    envelope(
        "<tds:GetDeviceInformationResponse><tds:Manufacturer>Eye\x09Works</tds:Manufacturer>"
        "<tds:Model>E1</tds:Model><tds:FirmwareVersion>2.0</tds:FirmwareVersion>"
        "</tds:GetDeviceInformationResponse>"
    ),
)
PROFILES = (
    200,
    envelope(
        '<trt:GetProfilesResponse><trt:Profiles token="main"><tt:Name>Main</tt:Name>'
        "<tt:VideoEncoderConfiguration><tt:Encoding>H264</tt:Encoding>"
        "<tt:Resolution><tt:Width>1920</tt:Width><tt:Height>1080</tt:Height></tt:Resolution>"
        "<tt:RateControl><tt:FrameRateLimit>25</tt:FrameRateLimit></tt:RateControl>"
        "</tt:VideoEncoderConfiguration></trt:Profiles></trt:GetProfilesResponse>"
    ),
)
URI = (
    200,
    envelope(
        "<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://a:b@127.0.0.1/main</tt:Uri>"
        "</trt:MediaUri></trt:GetStreamUriResponse>"
    ),
)
MAIN = Stream(
    "main",
    name="Main",
    encoding="H264",
    width=1920,
    height=1080,
    fps=25.0,
    uri="rtsp://127.0.0.1/main",
)


def good(**changes: Reply | Callable[[etree._Element], Reply]) -> Answers:
    return {
        "GetSystemDateAndTime": time_answer(datetime.now(UTC)),
        "GetServices": services("http://10.9.9.9:81/onvif/media?a=1"),
        "GetDeviceInformation": INFORMATION,
        "GetProfiles": PROFILES,
        "GetStreamUri": URI,
    } | changes


def match(device: ForeignDevice) -> Match:
    return Match(endpoint="urn:uuid:eye", xaddrs=(device.url,), senders=("127.0.0.1",))


def ask(answers: Answers, login: Login | None = LOGIN) -> tuple[enquiry.Told, ForeignDevice]:
    with serving(answers) as device:
        return enquiry.enquire(match(device), login), device


def test_a_device_tells_its_streams() -> None:
    told, _ = ask(good())
    assert told.streams == [MAIN]
    assert (told.manufacturer, told.model, told.firmware) == ("Eye Works", "E1", "2.0")
    assert told.trouble == ""


def test_a_service_elsewhere_is_asked_at_the_device_itself() -> None:
    _, device = ask(good())
    assert ("/onvif/media?a=1", "GetProfiles") in device.asked


def test_the_digest_is_made_by_the_device_s_clock() -> None:
    seen: list[etree._Element] = []

    def information(root: etree._Element) -> Reply:
        seen.append(root)
        return INFORMATION

    theirs = datetime.now(UTC) + timedelta(hours=3)
    told, _ = ask(good(GetSystemDateAndTime=time_answer(theirs), GetDeviceInformation=information))
    assert told.clock_offset_s == pytest.approx(3 * 3600, abs=30)
    (token,) = seen[0].iter(f"{{{WSSE}}}UsernameToken")
    created = token.findtext(f"{{{WSU}}}Created") or ""
    nonce = base64.b64decode(token.findtext(f"{{{WSSE}}}Nonce") or "")
    digest = hashlib.sha1(nonce + created.encode() + LOGIN.password.encode()).digest()
    assert token.findtext(f"{{{WSSE}}}Password") == base64.b64encode(digest).decode()
    assert abs(datetime.fromisoformat(created) - theirs) < timedelta(minutes=1)


def test_the_time_is_asked_without_a_login() -> None:
    headers: list[int] = []

    def time(root: etree._Element) -> Reply:
        headers.append(len(root.find(f"{{{S}}}Header")))
        return time_answer(datetime.now(UTC))

    ask(good(GetSystemDateAndTime=time))
    assert headers == [0]


@pytest.mark.parametrize(
    ("login", "text"),
    [
        (None, "It tells its streams only to its users: give one with --user."),
        (LOGIN, "It does not let in the user 'admin' with this password."),
    ],
)
@pytest.mark.parametrize("reply", [fault("NotAuthorized"), (401, b"")])
def test_who_is_not_let_in_is_told_so(login: Login | None, text: str, reply: Reply) -> None:
    told, _ = ask(good(GetDeviceInformation=reply), login)
    assert (told.trouble, told.streams) == (text, [])


def test_a_device_that_takes_http_digest_alone_is_asked_again_with_it() -> None:
    with serving(good()) as device:
        device.challenges = ('Digest realm="cam", qop="auth", nonce="n1", algorithm=MD5',)
        told = enquiry.enquire(match(device), LOGIN)
    assert told.streams == [MAIN]
    assert all(header.startswith('Digest username="admin"') for header in device.authorized)
    assert LOGIN.password not in "".join(device.authorized)


def test_an_old_device_names_its_media_service_in_its_capabilities() -> None:
    answers = good(
        GetCapabilities=(
            200,
            envelope(
                "<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media>"
                "<tt:XAddr>http://127.0.0.1/media</tt:XAddr></tt:Media></tds:Capabilities>"
                "</tds:GetCapabilitiesResponse>"
            ),
        )
    )
    del answers["GetServices"]
    with serving(answers) as device:
        answers["GetCapabilities"] = (
            200,
            answers["GetCapabilities"][1].replace(  # type: ignore[index]
                b"http://127.0.0.1/media", f"http://127.0.0.1:{device.port}/media".encode()
            ),
        )
        told = enquiry.enquire(match(device), LOGIN)
    assert told.streams == [MAIN]
    assert ("/media", "GetProfiles") in device.asked


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ((200, b"<html>hello</html>"), "It answers no SOAP (HTTP status 200)."),
        ((200, b""), "It answers no SOAP (HTTP status 200)."),
        ((200, b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "It answers no SOAP (HTTP status 200)."),
        ((200, b"x" * 1_200_000), "Its answer is larger than 1 MB."),
        (fault("Broken", "Come\x0aback \u202elater."), "It refuses: Come back later."),
    ],
)
def test_an_odd_answer_is_one_sentence(reply: Reply, text: str) -> None:
    told, _ = ask(good(GetDeviceInformation=reply))
    assert told.trouble == text


def test_a_device_that_is_gone() -> None:
    with serving(good()) as device:
        gone = match(device)
    assert enquiry.enquire(gone, LOGIN).trouble == "It cannot be asked (Connection refused)."


def test_a_device_that_keeps_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "TIMEOUT_S", 0.2)

    class Silent:
        def request(self, *_: object) -> None:
            raise TimeoutError

        def close(self) -> None:
            pass

    monkeypatch.setattr(questions, "_connection", lambda *_: Silent())
    found = Match(endpoint="x", xaddrs=("http://127.0.0.1/",), senders=("127.0.0.1",))
    assert enquiry.enquire(found, LOGIN).trouble == "It did not answer within 0.2 s."


@pytest.mark.parametrize(
    "xaddrs",
    [
        (),
        ("http://192.168.7.7/onvif/device_service",),
        ("file:///etc/passwd", "http://[::1", "http://127.0.0.1:99999/", "gopher://127.0.0.1/"),
        ("http://camera.example/",),
    ],
)
def test_only_an_address_that_answered_is_asked(xaddrs: tuple[str, ...]) -> None:
    found = Match(endpoint="x", xaddrs=xaddrs, senders=("127.0.0.1",))
    assert enquiry.enquire(found, LOGIN).trouble == (
        "It names no address that it answers from, so it was not asked."
    )


def test_plain_ipv4_is_asked_before_others() -> None:
    found = Match(
        endpoint="x",
        xaddrs=("https://10.0.0.1/a", "http://[fe80::1]/b", "http://10.0.0.1/c"),
        senders=("fe80::1%eth0", "10.0.0.1"),
    )
    assert enquiry.address_of(found) == ("http://10.0.0.1/c", "10.0.0.1")
    only_local = replace(found, xaddrs=("http://[fe80::1]/b",))
    assert enquiry.address_of(only_local) == ("http://[fe80::1]/b", "fe80::1%eth0")


def test_many_devices_are_asked_at_the_same_time() -> None:
    with serving(good()) as device:
        gone = Match(endpoint="x", xaddrs=(), senders=())
        told = enquiry.enquire_all([match(device), gone, match(device)], LOGIN)
    assert [len(each.streams) for each in told] == [1, 0, 1]


def test_a_digest_is_new_for_every_question() -> None:
    asker = Asker("127.0.0.1", LOGIN)
    assert asker._security() != asker._security()
