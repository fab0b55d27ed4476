"""The live page, as it is without scripts."""

import re

import pytest

from nvrdevice.audit import trail
from nvrdevice.media import facts, sources
from tests.webui.conftest import Browser


def text_of(browser: Browser, path: str) -> str:
    answer = browser("vera").get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def online(db: None) -> None:
    seen = facts.Facts(uri="test:", width=1280, height=720, fps=25.0, codec="raw", online=True)
    facts.write("source1", seen)


def test_a_stranger_is_sent_to_the_sign_in(browser: Browser) -> None:
    assert browser("").get("/live/").headers["Location"] == "/login/?next=/live/"


@pytest.mark.parametrize(("path", "in_nav"), [("/live/", "page"), ("/live/source1/", "true")])
def test_a_viewer_sees_it(browser: Browser, path: str, in_nav: str) -> None:
    text = text_of(browser, path)
    assert re.findall(r'data-(main|sub|sub-width)="(\w+)"', text) == [
        ("main", "profile1"), ("sub", "profile2"), ("sub-width", "640"),
    ]  # fmt: skip
    assert re.findall(r'aria-current="(\w+)"', text) == [in_nav, "true"]


def test_a_camera_that_is_none(browser: Browser) -> None:
    assert browser("vera").get("/live/source9/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "chosen", "profile"),
    [
        ("", "auto", "profile1"),
        ("?quality=main", "main", "profile1"),
        ("?quality=sub", "sub", "profile2"),
        ("?quality=<b>", "auto", "profile1"),
    ],
)
def test_the_quality_is_in_the_address(
    browser: Browser, online: None, asked: str, chosen: str, profile: str
) -> None:
    text = text_of(browser, f"/live/{asked}")
    assert re.findall(r'data-choose="(\w+)" aria-current', text) == [chosen]
    assert re.findall(r'data-quality="(\w+)"', text) == [chosen]
    assert f'<noscript><img src="/snapshot/{profile}.jpg"' in text
    assert f'href="/snapshot/{profile}.jpg" download="source1.jpg"' in text


def test_without_scripts_it_is_asked_for_again(browser: Browser, online: None) -> None:
    assert '<noscript><meta http-equiv="refresh"' in text_of(browser, "/live/")


def test_a_camera_without_a_picture_says_why(browser: Browser, db: None) -> None:
    facts.write("source1", facts.Facts(uri="test:", reason="It refused the connection."))
    text = text_of(browser, "/live/")
    assert "Camera offline" in text
    assert "It refused the connection." in text
    assert "<noscript><img" not in text


def test_several_cameras_are_to_choose_from(browser: Browser) -> None:
    sources.set_sources(["test:", "test:"], trail.DEVICE)
    text = text_of(browser, "/live/source2/")
    assert re.findall(r'href="/live/(\w+)/"( aria-current="page")?', text) == [
        ("source1", ""), ("source2", ' aria-current="page"'),
    ]  # fmt: skip
    assert 'data-main="profile3"' in text
