"""Until the first password is changed, every page leads to /setup/account/ (DESIGN section 6).

Closed by default: a view that must answer meanwhile says so itself. A user whose password an
administrator set for the first sign-in only is led there as well.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.deprecation import MiddlewareMixin

from nvrdevice.accounts import setup

SETUP_PATH = "/setup/account/"
View = TypeVar("View", bound=Callable[..., Any])


def open_during_setup(view: View) -> View:
    """Mark a view that answers before the first password is changed."""
    view.open_during_setup = True  # type: ignore[attr-defined]
    return view


def password_must_change(user: Any) -> bool:
    """Whether this visitor must choose a password before anything else."""
    if setup.state().bootstrap_password:
        return True
    return bool(user.is_authenticated and user.must_change_password)


class SetupGate(MiddlewareMixin):
    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "open_during_setup", False) or not password_must_change(request.user):
            return None
        return HttpResponseRedirect(SETUP_PATH)
