"""What lies below the addresses of REST and is none of them: 404 in JSON, for every method."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request

from onvif_api.rest.view import RestView


class Nothing(RestView):
    def perform_authentication(self, request: Request) -> None:
        raise Http404

    def get(self, request: Request, **parts: Any) -> Any:
        raise Http404
