"""A page for an address that only takes a form, where a browser would show an empty window."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin


class WrongMethod(MiddlewareMixin):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        told = render(request, "405.html", status=405)
        told.headers["Allow"] = response.headers["Allow"]
        return told
