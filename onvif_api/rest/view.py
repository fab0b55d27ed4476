"""What every REST view is: method, setup, who asks, how often, may they; then one log line."""

import re
from typing import Any, ClassVar

from django.http import Http404, HttpResponse, HttpResponseBase
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from nvrdevice import clients
from nvrdevice.accounts.access import AccessClass
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.errors import Kind
from nvrdevice.system.tls import only
from onvif_api.rest import bodies, permissions, setup_gate, throttles
from onvif_api.rest.authentication import Digest, Session, UsernameToken, account_of, address_of
from onvif_api.rest.errors import RestError
from onvif_api.rest.waiting import wait_of
from onvif_api.soap.http import base_url
from onvif_api.soap.log_line import log_line


class RestView(APIView):
    """A subclass names in `access` what each of its methods is; what it leaves out is denied."""

    access: ClassVar[dict[str, AccessClass]] = {}

    authentication_classes = (UsernameToken, Digest, Session)
    permission_classes = ()
    throttle_classes = ()
    parser_classes = (bodies.Json,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = bodies.JsonOnly
    metadata_class = None
    http_method_names = ["get", "head", "post", "put", "delete"]  # noqa: RUF012 - as declared

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view = super().as_view(**initkwargs)
        # The pages' gate leads to a page of its own; REST has setup_gate.
        view.open_during_setup = True  # type: ignore[attr-defined]
        view.is_rest = True  # type: ignore[attr-defined] # and says itself that HTTPS is missed
        return view

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        started_s = SYSTEM_CLOCK.monotonic_s()
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        if wait_of(self.request) is None:
            self.log(response, SYSTEM_CLOCK.monotonic_s() - started_s)
        # Said above in a line of its own; Django's handler need not say it again.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    def perform_authentication(self, request: Request) -> None:
        """Everything that is checked before a method runs, strangers' throttle included."""
        method = (request.method or "").upper()
        if method not in self.allowed_methods:
            self.http_method_not_allowed(request)
        check_https(request)
        if not all(str(part).isprintable() for part in self.kwargs.values()):
            raise Http404  # nothing is called so, and a database may refuse to look
        to_change_password = self.may_change_password(method)
        setup_gate.check_door(to_change_password=to_change_password)
        super().perform_authentication(request)
        account = account_of(request)
        throttles.throttle().take(account, address_of(request))
        permissions.check(account, self.access.get("GET" if method == "HEAD" else method))
        own = account is not None and self.kwargs.get("username") == account.username
        setup_gate.check_account(account, own_password=to_change_password and own)

    def may_change_password(self, method: str) -> bool:
        """Whether this is how a user changes a password."""
        return False

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        raise RestError(
            Kind.INVALID,
            f"{request.method} is not possible here: this address takes "
            f"{', '.join(self.allowed_methods)}.",
            code="method_not_allowed",
            status=405,
        )

    def log(self, response: Any, took_s: float) -> None:
        data: Any = getattr(response, "data", None)
        result = str(data["error"]["code"]) if response.status_code >= 400 else "ok"
        account = getattr(self.request, "_user", None)
        write_log(self.request, account.username if account else "", result, took_s)


def check_https(request: Request) -> None:
    """Where HTTPS is required nobody is looked at over plain HTTP."""
    if only.is_missed(secure=request.is_secure()):
        host = base_url("http", request.headers.get("Host", ""), None)[1]
        text = only.refusal(host, request.path).text
        raise RestError(Kind.FORBIDDEN, text, code="https_required")


def write_log(request: Any, username: str, result: str, took_s: float) -> None:
    """One line per request, as SOAP has; the query is not in it."""
    operation = f"{request.method} {_route(request)}"
    address = address_of(request)
    log_line(address, username, operation, result, took_s)
    headers = {name.lower(): value for name, value in request.headers.items()}
    clients.note_call(
        operation,
        address=address,
        agent=clients.agent_of(headers),
        username=username,
        result=result,
        took_s=took_s,
    )


def _route(request: Any) -> str:
    match = request.resolver_match
    if match is None or match.route.startswith("^"):
        return "-"  # below our addresses, but none of them
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(match.route)).rstrip("/")
