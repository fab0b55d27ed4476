"""Which probes mean this device (Core, Probe and Probe Match; WS-Discovery 5.1)."""

import pytest

from nvrdevice.discovery import matching
from nvrdevice.discovery.messages import DN, TDS, Probe

OURS = (
    "onvif://www.onvif.org/Profile/Streaming",
    "onvif://www.onvif.org/hardware/D1-566",
    "onvif://www.onvif.org/name/Front%20door",
    "onvif://www.onvif.org/location/country/china/bejing",
    "urn:uuid:9C35ACA0-D1CC-41BF-A932-2DD0FE45CC87",
)


def is_meant(scopes: str = "", match_by: str = "", types: tuple[str, ...] = ()) -> bool:
    probe = Probe("urn:uuid:1", types=types, scopes=tuple(scopes.split()), match_by=match_by)
    return matching.matches(probe, OURS)


@pytest.mark.parametrize(
    "scopes",
    [
        "",
        "onvif://www.onvif.org",
        "onvif://www.onvif.org/",
        "onvif://www.onvif.org/Profile",
        "onvif://www.onvif.org/Profile/",
        "onvif://www.onvif.org/Profile/Streaming",
        "ONVIF://WWW.onvif.ORG/Profile/Streaming",
        "onvif://www.onvif.org/name/%46ront%20door",
        "onvif://www.onvif.org/location/country/china",
        "onvif://www.onvif.org/Profile onvif://www.onvif.org/hardware",
        "onvif://www.onvif.org/Profile?x=1",
    ],
)
@pytest.mark.parametrize("rule", ["", matching.RFC3986, matching.RFC2396])
def test_meant(scopes: str, rule: str) -> None:
    assert is_meant(scopes, rule)


@pytest.mark.parametrize(
    "scopes",
    [
        "onvif://www.onvif.org/hardware/D1",
        "onvif://www.onvif.org/profile/streaming",
        "onvif://www.onvif.org/Profile/Streaming/More",
        "onvif://www.onvif.org/Profile/G",
        "onvif://www.onvif.org/Profile/../Profile",
        "onvif://www.onvif.org/./Profile",
        "onvif://www.onvif.com/Profile",
        "http://www.onvif.org/Profile",
        "onvif://www.onvif.org/Profile onvif://www.onvif.org/Profile/G",
        "Profile",
        "//[",
        "onvif://[/x",
    ],
)
def test_not_meant(scopes: str) -> None:
    assert not is_meant(scopes)


@pytest.mark.parametrize(
    ("scope", "meant"),
    [
        ("onvif://www.onvif.org/Profile/Streaming", True),
        ("onvif://www.onvif.org/Profile", False),
        ("onvif://www.onvif.org/profile/streaming", False),
    ],
)
def test_strcmp0_is_exact(scope: str, meant: bool) -> None:
    assert is_meant(scope, matching.STRCMP0) is meant


def test_uuids_have_no_case() -> None:
    assert is_meant("urn:uuid:9c35aca0-d1cc-41bf-a932-2dd0fe45cc87", matching.UUID)


def test_an_unknown_rule_is_told_apart() -> None:
    with pytest.raises(matching.UnknownRule):
        is_meant(match_by="http://schemas.xmlsoap.org/ws/2005/04/discovery/ldap")


@pytest.mark.parametrize(
    ("types", "meant"),
    [
        ((f"{{{DN}}}NetworkVideoTransmitter",), True),
        ((f"{{{TDS}}}Device",), True),
        ((f"{{{TDS}}}Device", f"{{{DN}}}NetworkVideoTransmitter"), True),
        ((f"{{{TDS}}}Device", f"{{{DN}}}NetworkVideoDisplay"), False),
        ((f"{{{DN}}}Device",), False),
        (("?",), False),
    ],
)
def test_all_types_must_be_ours(types: tuple[str, ...], meant: bool) -> None:
    assert is_meant(types=types) is meant
