"""Asking the Device service as somebody of a level."""

from collections.abc import Iterable

from lxml import etree

from onvif_api.soap.namespaces import name
from tests.onvif_api import soap_client
from tests.onvif_api.soap_client import Answer

User = tuple[str, str, str]  # name, password ("" for none), level


def ask(operation: str, as_: str | None = "admin", inner: str = "", host: str = "") -> Answer:
    request = f"<tds:{operation}>{inner}</tds:{operation}>"
    return soap_client.call(request, as_, host=host or "192.0.2.7:8000")


def each(tag: str, values: Iterable[str]) -> str:
    return "".join(f"<tds:{tag}>{value}</tds:{tag}>" for value in values)


def users(*wanted: User) -> str:
    """The User elements of CreateUsers and SetUser."""
    found = ""
    for username, password, level in wanted:
        given = f"<tt:Password>{password}</tt:Password>" if password else ""
        found += (
            f"<tds:User><tt:Username>{username}</tt:Username>{given}"
            f"<tt:UserLevel>{level}</tt:UserLevel></tds:User>"
        )
    return found


def listed_users() -> dict[str, str]:
    """Names and levels as GetUsers tells them."""
    return {
        user.findtext(name("tt:Username"), ""): user.findtext(name("tt:UserLevel"), "")
        for user in ask("GetUsers").all("tds:User")
    }


def canonical(element: etree._Element) -> bytes:
    """Element, attributes and children without the prefixes in scope: to compare two answers."""
    copy = etree.fromstring(etree.tostring(element))
    etree.cleanup_namespaces(copy)
    return etree.tostring(copy, method="c14n")
