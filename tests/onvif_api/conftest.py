"""The three people of the SOAP tests: one of each level, with known passwords."""

import pytest


@pytest.fixture
def people(db: None) -> None:
    """admin, operator and viewer exist; soap_client.call(…, as_="viewer") logs in as one."""
