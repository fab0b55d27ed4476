"""Asking the Media2 service as somebody of a level."""

from typing import Any

from nvrdevice.events.models import Event
from tests.onvif_api import soap_client
from tests.onvif_api.soap_client import Answer

PATH = "/onvif/media2_service"


def ask(name: str, as_: str | None = "admin", *many: tuple[str, str], **arguments: str) -> Answer:
    """One operation of tr2: plain arguments in their order, then those that come several times."""
    inner = "".join(f"<tr2:{key}>{value}</tr2:{key}>" for key, value in (*arguments.items(), *many))
    return soap_client.call(f"<tr2:{name}>{inner}</tr2:{name}>", as_, PATH)


def part(type_: str, token: str | None = None) -> tuple[str, str]:
    """One tr2:Configuration of Create, Add and Remove."""
    held = "" if token is None else f"<tr2:Token>{token}</tr2:Token>"
    return "Configuration", f"<tr2:Type>{type_}</tr2:Type>{held}"


def types(*names: str) -> list[tuple[str, str]]:
    return [("Type", name) for name in names]


def profile(token: str, *names: str) -> Any:
    """The one profile, with the configurations of these types."""
    (found,) = ask("GetProfiles", "viewer", *types(*names), Token=token).body
    return found


def held(token: str) -> list[str | None]:
    """The tokens of what a profile holds."""
    return [one.get("token") for one in profile(token, "All")[1]]


def tokens(answer: Answer) -> list[str | None]:
    return [one.get("token") for one in answer.all("tr2:Configurations")]


def told() -> list[str]:
    """The profiles that ProfileChanged was sent for since the last time."""
    rows = Event.objects.filter(topic="tns1:Media/ProfileChanged").order_by("id")
    found = [row.source["Token"] for row in rows]
    rows.delete()
    return found
