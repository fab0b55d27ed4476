"""/playback/: what was recorded, on a strip of the day, as a table, and in the player."""

from datetime import date, datetime, timedelta, tzinfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nvrdevice.accounts.levels import Level
from nvrdevice.digital_io import channels
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.recordings import timeline
from nvrdevice.recordings.timeline import Span
from nvrdevice.system import time_zone
from webui import playback_parts
from webui.access import level_of, needs
from webui.playback_parts import Recorded

FIELD = "%Y-%m-%dT%H:%M:%S"  # as a browser's field has it


FIRST_DAY = date(1969, 12, 31)  # of a clock that begins in 1970, west of Greenwich


@require_safe
@needs(Level.USER)
def page(request: HttpRequest) -> HttpResponse:
    cameras = playback_parts.cameras()
    source = _source(request, cameras)
    camera = next((one for one in cameras if one.token == source), cameras[0])
    zone, today, chosen = _day(request)
    moment = _moment(request.GET.get("t", ""), chosen, zone)
    if moment is not None and "day" not in request.GET:
        chosen = min(moment.date(), today)
    found = timeline.read(camera.token, chosen, zone)
    rows = playback_parts.rows(found, zone, channels.names())
    asked = request.GET.get("page", "")
    number = max(1, int(asked[:6])) if asked.isascii() and asked.isdigit() else 1
    pages = max(1, -(-len(rows) // playback_parts.ROWS))
    number = min(number, pages)
    undated = timeline.undated(camera.token)
    last = (chosen.replace(day=1) - timedelta(days=1)).replace(day=1)
    after = (chosen.replace(day=28) + timedelta(days=4)).replace(day=1)
    return render(
        request,
        "pages/playback.html",
        {
            "cameras": cameras,
            "camera": camera,
            "day": chosen,
            "today": today,
            "before": chosen - timedelta(days=1),
            "after": chosen + timedelta(days=1) if chosen < today else None,
            "month": playback_parts.month(chosen, today, camera.token, zone),
            "month_before": last,
            "month_after": after if after <= today else None,
            "rows": rows[(number - 1) * playback_parts.ROWS : number * playback_parts.ROWS],
            "total": len(rows),
            "page": number,
            "pages": pages,
            "earlier": number - 1,
            "later": number + 1 if number < pages else 0,
            "recorded": bool(found.spans),
            "undated": undated.astimezone(zone) if undated else None,
            "export": _typed(request) or _proposed(found, zone),
            "t_ms": playback_parts.ms(moment) if moment else "",
            "still": _segment_at(found, moment),
            "zone": datetime.now(zone).tzname() or "",
            "may_export": level_of(request.user) >= Level.OPERATOR,
        },
    )


@require_safe
@needs(Level.USER)
def day(request: HttpRequest) -> HttpResponse:
    """What the strip is drawn from."""
    source = _source(request, playback_parts.cameras())
    zone, _, chosen = _day(request)
    found = timeline.read(source, chosen, zone)
    return JsonResponse(playback_parts.drawn(found, zone, channels.names()))


def _source(request: HttpRequest, cameras: list[Recorded]) -> str:
    source = request.GET.get("source", "")
    if source and source not in {camera.token for camera in cameras}:
        raise Http404(f"There is no camera {source[:64]!r}.")
    return source


def _day(request: HttpRequest) -> tuple[tzinfo, date, date]:
    """The device's zone, its today, and the day asked for."""
    zone = time_zone.read().tz
    today = SYSTEM_CLOCK.now().astimezone(zone).date()
    chosen = playback_parts.parse_day(request.GET.get("day", ""), today)
    return zone, today, min(max(chosen, FIRST_DAY), today)


def _moment(text: str, chosen: date, zone: tzinfo) -> datetime | None:
    """t as 14:32:10 of the day, in milliseconds since 1970, or in full with its zone."""
    found = _parsed(text, chosen, zone)
    return found if found is not None and FIRST_DAY.year <= found.year < 9999 else None


def _parsed(text: str, chosen: date, zone: tzinfo) -> datetime | None:
    if text.isascii() and text.isdigit() and len(text) < 15:
        return datetime.fromtimestamp(int(text) / 1000, zone)
    try:
        if "T" in text:
            found = datetime.fromisoformat(text)
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(zone)
        return datetime.combine(chosen, datetime.strptime(text, "%H:%M:%S").time(), zone)
    except (ValueError, OverflowError):
        return None


def _typed(request: HttpRequest) -> tuple[str, str] | None:
    """What the form for a download said when it was refused."""
    typed = request.GET.get("from", "")[:32], request.GET.get("to", "")[:32]
    return typed if any(typed) else None


def _proposed(found: timeline.Day, zone: tzinfo) -> tuple[str, str]:
    """What the form for a download begins with: the newest recording, or the last of it."""
    newest = found.spans[-1] if found.spans else Span(found.start, found.end)
    start = max(newest.start, newest.end - timedelta(minutes=10))
    end = newest.end + timedelta(seconds=1)
    return f"{start.astimezone(zone):{FIELD}}", f"{end.astimezone(zone):{FIELD}}"


def _segment_at(found: timeline.Day, moment: datetime | None) -> int | None:
    """For who has no script: the file with the moment in it, or the newest one."""
    if moment is None:
        return found.segments[-1][0] if found.segments else None
    return next((one[0] for one in found.segments if one[1] <= moment < one[2]), None)
