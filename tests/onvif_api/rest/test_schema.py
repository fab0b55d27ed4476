"""The OpenAPI description: made without a warning, whole, and kept by the answers."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from onvif_api.rest import schema, urls
from tests.onvif_api.rest.rest_client import Rest


@pytest.fixture
def fresh() -> Iterator[dict[str, Any]]:
    schema.schema.cache_clear()
    GENERATOR_STATS.reset()
    yield schema.schema()


def test_it_is_made_without_a_warning(
    fresh: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert not GENERATOR_STATS
    assert capsys.readouterr().err == ""


def test_it_is_valid(fresh: dict[str, Any]) -> None:
    validate_schema(fresh)


def test_it_tells_of_every_address_that_is_served(fresh: dict[str, Any]) -> None:
    served = {
        "/" + route.replace("<str:", "{").replace(">", "}")
        for route, view in urls.ADDRESSES.items()
        if view is not schema.Schema
    }
    assert set(fresh["paths"]) == served


def test_every_operation_names_its_refusals_and_ways_in(fresh: dict[str, Any]) -> None:
    for path, operations in fresh["paths"].items():
        for method, operation in operations.items():
            assert {"401", "403", "429", "503"} <= set(operation["responses"]), (method, path)
            assert operation["security"] == [{"usernameToken": []}, {"digest": []}, {"session": []}]
            assert operation["summary"], (method, path)


def test_declared_settings_keep_their_words_and_bounds(fresh: dict[str, Any]) -> None:
    switches = fresh["components"]["schemas"]["EventSwitches"]
    assert switches["properties"]["events_schedule"]["maxLength"] == 64
    assert "The name of a schedule" in switches["properties"]["events_schedule"]["description"]
    assert switches["additionalProperties"] is False


def test_it_is_served(rest: Rest, fresh: dict[str, Any]) -> None:
    answer = rest.ask("GET", "/api/schema/", as_="viewer")
    assert json.loads(answer.content) == fresh
