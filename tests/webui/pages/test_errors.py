"""The page for a fault of our own."""

import pytest

from tests.webui.conftest import Browser
from webui import overview_parts


def test_a_fault_is_told_without_blame_or_detail(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(overview_parts, "cameras", broken)
    client = browser("vera")
    client.raise_request_exception = False
    answer = client.get("/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "<h1>The device made a mistake</h1>" in text
    assert "secret detail" not in text
