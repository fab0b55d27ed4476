"""docs/ref/coverage.md against the code: what it names exists, what is missing waits."""

import re
from pathlib import Path

import pytest

from onvif_api.rest.urls import ADDRESSES
from tests.e2e.running_device import ROOT

PAGE = ROOT / "docs" / "ref" / "coverage.md"
NAMED = re.compile(r"`([\w.-]+/[\w./-]*\w)`")
WAITS = re.compile(r"waits for part \d+: \w+")
ENDPOINT = re.compile(r"`(?:GET|POST|PUT|DELETE) /([^`?]+)`")

OWNERS = {
    "users/",
    "users/<str:username>",
    "device/information",
    "device/capabilities",
    "media/profiles",
    "media/stream_uri",
    "events/subscription",
    "events/pull",
    "events/mode/<str:mode>",
    "events/digital/<str:direction>/<str:channel_id>",
    "events/schedules",
    "recording/jobs",
    "recording/schedules",
    "ptz/move",
    "ptz/stop",
}

Row = tuple[str, str, str]


def rows() -> list[Row]:
    found = []
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("|") and len(cells) == 3 and cells[2].strip("| ") != "proved by":
            found.append((cells[0].strip("| "), cells[1], cells[2].strip("| ")))
    return [row for row in found if not row[0].startswith("---")]


def test_every_file_it_names_exists() -> None:
    names = [name for name in NAMED.findall(PAGE.read_text()) if "." in Path(name).name]
    names = [name for name in names if not name.startswith(("./", "/"))]
    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:60])
def test_each_row_is_proved_by_a_test_or_names_the_part_it_waits_for(row: Row) -> None:
    proofs = NAMED.findall(row[2])
    if proofs:
        assert [name for name in proofs if not name.startswith("tests/")] == []
    else:
        assert WAITS.match(row[2])


def test_each_address_of_the_first_program_stands_there_and_is_served() -> None:
    told = {
        re.sub(r"{(\w+)}", r"<str:\1>", address): row
        for row in rows()
        for address in ENDPOINT.findall(row[0])
    }
    assert set(told) == OWNERS
    assert [route for route in told if route not in ADDRESSES] == []
