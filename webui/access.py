"""Who may see a page: the roles of the accounts, asked again for every request."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from nvrdevice.accounts import book, last_use, networks
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.models import User
from nvrdevice.audit.trail import Actor

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
View = Callable[..., HttpResponseBase]

ROLES = {
    Level.USER: ("Viewer", "sees the picture and the events"),
    Level.OPERATOR: ("Operator", "works with the device, but does not set it up"),
    Level.ADMINISTRATOR: ("Administrator", "may do everything"),
}


def level_of(user: Any) -> Level:
    """The level of the signed-in user as it is now; ANONYMOUS for everybody else."""
    if not user.is_authenticated:
        return Level.ANONYMOUS
    account = book.find(user.get_username())
    return account.level if account is not None else Level.ANONYMOUS


def needs(level: Level) -> Callable[[View], View]:
    """Sign-in first; then the 403 page for who is below level."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(onward_of(request))
            if level_of(request.user) < level:
                raise PermissionDenied(_for_whom(level))
            last_use.note(request.user.get_username(), "web")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _for_whom(level: Level) -> str:
    if level is Level.ADMINISTRATOR:
        return "This page is for administrators. One of them can change your role."
    role = ROLES[level][0].lower()
    return f"This page is for the role {role} and above. An administrator can change your role."


def onward_of(request: HttpRequest) -> str:
    """Where a sign-in leads on to: for a form that was sent, the page it stands on.

    What was sent is lost, and many an address of a form answers to nothing else.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    here = came_from.netloc == request.get_host()
    if here and came_from.path and not came_from.path.startswith("//"):
        return came_from._replace(scheme="", netloc="", fragment="").geturl()
    return "/"


def user_of(request: HttpRequest) -> User:
    """The user behind a view that needs one."""
    assert isinstance(request.user, User)
    return request.user


def address_of(request: HttpRequest) -> str:
    """The client's address; an IPv4 client of an IPv6 socket appears as ::ffff:a.b.c.d."""
    found = networks.parse(str(request.META.get("REMOTE_ADDR", "")))
    return str(found) if found is not None else ""


def is_this_machine(request: HttpRequest) -> bool:
    """Whether a program of this machine asks, and not somebody through a proxy on it."""
    if any(header in request.META for header in FORWARDED):
        return False
    found = networks.parse(address_of(request))  # "" where the server tells none
    return found is not None and found.is_loopback


def host_of(request: HttpRequest) -> str:
    """As the visitor reaches the device: that address is the one that works in their network."""
    try:
        host = urlsplit(f"//{request.get_host()}").hostname or ""
    except (DisallowedHost, ValueError):
        return ""
    return f"[{host}]" if ":" in host else host


def actor(request: HttpRequest) -> Actor:
    return Actor(request.user.get_username(), address_of(request), "web")
