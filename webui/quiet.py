"""Refusals that are part of daily life: a page that asks each second must not fill the log."""

from django.http import HttpResponse


def quiet(response: HttpResponse) -> HttpResponse:
    """response, which Django's handler will not log as an error of ours."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
