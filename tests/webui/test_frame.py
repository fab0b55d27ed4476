"""The way to the pages: groups in the rail and the bar, pages of a group as tabs."""

import re

import pytest
from django.urls import reverse

from nvrdevice.accounts.levels import Level
from tests.webui.conftest import Browser
from webui import frame
from webui.frame import ENTRIES, NVR, SYSTEM, Entry

SEVEN = 7


def links(text: str) -> list[tuple[str, str, str]]:
    """Address, aria-current and words of each first-level link."""
    nav = text[text.index('aria-label="Main"') : text.index("</nav>")]
    found = re.findall(r'<a href="([^"]+)"( aria-current="\w+")?>.*?</svg>(.*?)</a>', nav, re.S)
    return [(url, current.strip(), words.strip()) for url, current, words in found]


def test_each_entry_leads_to_a_page() -> None:
    assert all(reverse(entry.url).startswith("/") for entry in ENTRIES)


def test_there_are_seven_groups_at_most_beside_overview_and_account() -> None:
    assert len({entry.group for entry in ENTRIES} - {frame.OVERVIEW, frame.ACCOUNT}) <= SEVEN


def test_a_viewer_sees_no_way_to_what_is_refused(browser: Browser) -> None:
    mine = [entry.group.words for entry in ENTRIES if entry.needs <= Level.USER]
    text = browser("vera").get("/").content.decode()
    assert [words for _, _, words in links(text)] == list(dict.fromkeys(mine))
    assert "System" not in mine


def test_five_groups_need_no_sheet(browser: Browser) -> None:
    assert "nav-more" not in browser("vera").get("/").content.decode()
    assert "nav-more" in browser("oscar").get("/").content.decode()


def test_the_group_of_a_page_below_is_told(browser: Browser) -> None:
    text = browser("vera").get("/live/source1/").content.decode()
    assert [link for link in links(text) if link[1]] == [
        ("/live/", 'aria-current="true"', "Live"),
    ]


def test_a_group_of_one_page_has_no_tabs(browser: Browser) -> None:
    assert 'class="group' not in browser("vera").get("/account/").content.decode()


@pytest.fixture
def two_of_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (
        Entry(frame.OVERVIEW, "overview", "Overview"),
        Entry(NVR, "account", "Add to your NVR"),
        Entry(NVR, "diagnostics", "Diagnostics", needs=Level.OPERATOR),
        Entry(SYSTEM, "admin:index", "Administration", needs=Level.ADMINISTRATOR),
    )
    monkeypatch.setattr(frame, "ENTRIES", entries)


@pytest.mark.usefixtures("two_of_a_group")
def test_the_pages_of_a_group_are_tabs(browser: Browser) -> None:
    text = browser("oscar").get("/diagnostics/").content.decode()
    tabs = text[text.index('aria-label="NVR"') :]
    tabs = tabs[: tabs.index("</nav>")]
    assert re.findall(r'<a href="([^"]+)"( aria-current="page")?>(.*?)</a>', tabs) == [
        ("/account/", "", "Add to your NVR"),
        ("/diagnostics/", ' aria-current="page"', "Diagnostics"),
    ]


@pytest.mark.usefixtures("two_of_a_group")
def test_a_group_leads_to_its_first_page(browser: Browser) -> None:
    text = browser("oscar").get("/diagnostics/").content.decode()
    assert ("/account/", 'aria-current="true"', "NVR") in links(text)


def test_what_does_not_fit_the_bar_stands_behind_more(browser: Browser) -> None:
    text = browser("alice").get("/account/").content.decode()
    first, more = text.split("nav-more")[0], text.split("nav-more")[1]
    assert first.count("<li>") == frame.IN_THE_BAR
    assert 'class="current"' in more
