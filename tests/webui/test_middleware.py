"""What every answer carries."""

import pytest

from tests.webui.conftest import Browser


@pytest.mark.parametrize("path", ["/", "/login/", "/account/", "/nothing/", "/admin/"])
def test_nothing_inline_and_nothing_from_elsewhere(browser: Browser, path: str) -> None:
    answer = browser("alice").get(path)
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")


def test_pages_leave_no_copy_behind(browser: Browser) -> None:
    assert browser("vera").get("/account/")["Cache-Control"] == "no-store"


def test_styles_and_scripts_may_be_kept(browser: Browser) -> None:
    answer = browser("").get("/static/css/tokens.css")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "max-age=60, public")
    assert not answer.has_header("Access-Control-Allow-Origin")
    answer.close()


def test_no_page_writes_script_or_style_into_its_markup(browser: Browser) -> None:
    for path in ("/", "/account/", "/nothing/"):
        text = browser("alice").get(path).content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count('<script src="/static/')


def test_what_is_missing_is_told_in_the_products_look(browser: Browser) -> None:
    answer = browser("vera").get("/nothing/")
    assert answer.status_code == 404
    assert "<h1>There is no such page</h1>" in answer.content.decode()
