"""The three people of the SOAP tests: one of each level, with known passwords."""

import pytest

from nvrdevice.accounts import users
from nvrdevice.audit import trail
from tests.onvif_api.soap_client import PASSWORDS


@pytest.fixture
def people(db: None) -> None:
    """admin, operator and viewer exist; soap_client.call(…, as_="viewer") logs in as one."""
    users.create_many(
        [users.NewUser(role, password, (role,)) for role, password in PASSWORDS.items()],
        by=trail.DEVICE,
    )
