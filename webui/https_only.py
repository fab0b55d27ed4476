"""Where HTTPS is required, pages over plain HTTP lead to it; nothing is posted without it.

REST answers in its own form (onvif_api.rest.view), and this machine's own look at /health/ stays.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.deprecation import MiddlewareMixin

from nvrdevice.system.tls import only
from webui.access import host_of, is_this_machine

View = TypeVar("View", bound=Callable[..., Any])


def open_to_this_machine(view: View) -> View:
    """Mark a view that answers this machine over plain HTTP too."""
    view.open_to_this_machine = True  # type: ignore[attr-defined]
    return view


class HttpsOnly(MiddlewareMixin):
    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not only.is_missed(secure=request.is_secure()) or getattr(view, "is_rest", False):
            return None
        if getattr(view, "open_to_this_machine", False) and is_this_machine(request):
            return None
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied(only.refusal(host_of(request), request.path).text)
        return HttpResponseRedirect(only.base(host_of(request)) + request.get_full_path())
