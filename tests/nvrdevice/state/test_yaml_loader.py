"""What YAML is read as: as PyYAML does, but for numbers with colons."""

from datetime import date
from typing import Any

import pytest
import yaml

from nvrdevice.state.yaml_loader import Loader


@pytest.mark.parametrize("text", ["18:00", "08:30", "1:02:03", "12:34:56:78:09:10", "1:30.5"])
def test_what_has_colons_is_text(text: str) -> None:
    assert yaml.load(text, Loader=Loader) == text


@pytest.mark.parametrize(
    "text",
    [
        *("0", "-7", "1_000", "0x1F", "017", "0b11", "1.5", "-.5", "1.", "6.02e+23", ".inf"),
        *("true", "null", "~", "text", "2026-12-24", "'1'", "1e3", "-", "+", "1.2.3", "0o17"),
        "[1, 2.5, a]",
    ],
)
def test_all_else_is_as_ever(text: str) -> None:
    assert yaml.load(text, Loader=Loader) == yaml.safe_load(text)


def test_a_date_is_a_date() -> None:
    found: Any = yaml.load("date: 2026-12-24", Loader=Loader)
    assert found == {"date": date(2026, 12, 24)}
