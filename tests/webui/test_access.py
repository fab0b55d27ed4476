"""Who is let in: what is said to others, and where a sign-in leads on to."""

import pytest

from tests.webui.conftest import Browser

HERE = "http://testserver"


@pytest.mark.parametrize(
    ("referer", "onward"),
    [
        (
            f"{HERE}/playback/?source=source1&day=2026-01-01#export",
            "/login/?next=/playback/%3Fsource%3Dsource1%26day%3D2026-01-01",
        ),
        ("https://evil.example/playback/", "/login/?next=/"),
        (f"{HERE}//evil.example/", "/login/?next=/"),
        ("", "/login/?next=/"),
    ],
)
def test_the_sign_in_leads_back_to_the_page_of_the_form(
    browser: Browser, referer: str, onward: str
) -> None:
    answer = browser("").post("/playback/export/", headers={"Referer": referer})
    assert answer["Location"] == onward


def test_an_address_that_only_takes_forms_says_so(browser: Browser) -> None:
    answer = browser("oscar").get("/playback/export/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "There is no page at this address" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/system/users/", "This page is for administrators. One of them can change your role."),
        ("/recording/", "This page is for the role operator and above."),
    ],
)
def test_a_refusal_says_for_whom_the_page_is(browser: Browser, path: str, words: str) -> None:
    answer = browser("vera").get(path)
    assert answer.status_code == 403
    assert words in answer.content.decode()
