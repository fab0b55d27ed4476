"""Events: what happened, newest first, live; one event in full; the list as CSV."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from nvrdevice.accounts.levels import Level
from nvrdevice.events import history, journal
from nvrdevice.events.models import Event
from nvrdevice.events.namespaces import PREFIXES
from nvrdevice.events.notification import Notification
from nvrdevice.events.topic_filter import CONCRETE
from nvrdevice.lib.clock import SYSTEM_CLOCK, iso_utc
from webui import event_csv, event_filters, event_words, overview_parts
from webui.access import needs
from webui.event_filters import Filters

NUMBER_DIGITS = 18  # what fits a number of the journal


@require_safe
@needs(Level.USER)
def page(request: HttpRequest) -> HttpResponse:
    filters = event_filters.read(request.GET)
    before = _number(request.GET.get("before", ""))
    head = journal.head()  # first: what comes while the page is made is told by its socket
    found = history.page(filters.wanted, before=before)
    rows = overview_parts.rows(found.rows)
    kinds, sources = event_filters.kinds(), event_filters.sources()
    return render(
        request,
        "pages/events.html",
        {
            "filters": filters,
            "kinds": kinds,
            "sources": sources,
            "chips": filters.chips(kinds, sources),
            "rows": rows,
            "last": max(head, rows[0].id if rows else 0),
            "live": before is None and filters.wanted.until is None,
            "is_cut": found.is_cut,
            "older": _address(filters, before=found.older) if found.older is not None else "",
            "newest": _address(filters),
            "export": f"{reverse('events-export')}?{filters.address}".rstrip("?"),
            "is_first": before is None,
        },
    )


@require_safe
@needs(Level.USER)
def detail(request: HttpRequest, number: int) -> HttpResponse:
    event = Event.objects.filter(pk=number).first() if number < 10**NUMBER_DIGITS else None
    if event is None:
        raise Http404("There is no such event; old ones are removed when room is needed.")
    (row,) = overview_parts.rows([event])
    told = journal.notification(event)
    source = overview_parts.source_of(event)
    return render(
        request,
        "pages/event.html",
        {
            "event": event,
            "row": row,
            "kind": event_words.kind(event.topic),
            "at_utc": iso_utc(event.at).replace("T", " ").rstrip("Z"),
            "groups": _groups(told),
            "message": written(told, request.build_absolute_uri("/onvif/event_service")),
            "recording": recording_address(source, event),
            "earlier": _neighbour(event, "lt", "-id"),
            "later": _neighbour(event, "gt", "id"),
        },
    )


@require_safe
@needs(Level.USER)
def export(request: HttpRequest) -> StreamingHttpResponse:
    filters = event_filters.read(request.GET)
    name = f"events-{SYSTEM_CLOCK.now():%Y-%m-%d-%H%M%S}.csv"
    return StreamingHttpResponse(
        _lines(filters),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _lines(filters: Filters) -> AsyncIterator[bytes]:
    """In parts, each read by itself: a long export holds neither memory nor a transaction."""
    part = event_csv.Part(event_csv.head(), None, 0)
    yield part.text.encode()
    while not part.is_last:
        part = await sync_to_async(event_csv.next_part)(filters.wanted, part)
        yield part.text.encode()


def written(told: Notification, producer: str) -> str:
    """The notification as a subscriber gets it (Core 9.4.1)."""
    used = {prefix: uri for prefix, uri in PREFIXES.items() if f"{prefix}:" in told.topic}
    return render_to_string(
        "partials/notification.xml",
        {
            "told": told,
            "at": iso_utc(told.at),
            "prefixes": used,
            "groups": _groups(told),
            "producer": producer,
            "dialect": CONCRETE,
        },
    ).strip()


def _groups(told: Notification) -> list[tuple[str, list[tuple[str, str]]]]:
    groups = (("Source", told.source), ("Key", told.key), ("Data", told.data))
    return [(name, list(items.items())) for name, items in groups if items]


def recording_address(source: str, event: Event) -> str:
    """Where what the camera saw then is played; empty where there is nothing to play."""
    try:
        page = reverse("playback")
    except NoReverseMatch:
        return ""
    return f"{page}?{urlencode({'source': source, 't': iso_utc(event.at)})}" if source else ""


def _neighbour(event: Event, way: str, order: str) -> int | None:
    found = Event.objects.filter(**{f"id__{way}": event.pk}).order_by(order)
    return found.values_list("id", flat=True).first()


def _address(filters: Filters, **more: Any) -> str:
    query = "&".join(filter(None, (filters.address, urlencode(more))))
    return reverse("events") + (f"?{query}" if query else "")


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS
    return int(text) if is_number else None
