"""Who changed what, from where, over which protocol; the filter stands in the address."""

from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nvrdevice.accounts.levels import Level
from nvrdevice.audit import reading
from nvrdevice.audit.models import AuditRow
from nvrdevice.audit.reading import Wanted
from webui.access import needs
from webui.audit_words import worded

ROWS = 50
PROTOCOLS = {
    "soap": "ONVIF",
    "rest": "REST",
    "web": "Pages",
    "cli": "Command line",
    "rtsp": "RTSP",
    "device": "The device itself",
}


def _text(label: str, **attributes: str) -> forms.CharField:
    widget = forms.TextInput({"class": "input", "spellcheck": "false", **attributes})
    return forms.CharField(label=label, max_length=200, required=False, widget=widget)


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"class": "input", "type": "date"}),
        error_messages={"invalid": "Give a day as 2026-12-31."},
    )


def _choice(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, widget=forms.Select({"class": "input"}))


class FilterForm(forms.Form):
    username = _text("User", autocapitalize="none")
    address = _text("Address")
    protocol = _choice("By")
    action = _choice("Action")
    first = _day("From (UTC)")
    last = _day("To (UTC)")
    text = _text("Text")

    def __init__(self, asked: QueryDict) -> None:
        # What is not asked for in the address is simply not narrowed.
        super().__init__({name: asked.get(name, "") for name in self.base_fields})
        actions = reading.actions()
        self._choices("protocol", [("", "All"), *PROTOCOLS.items()])
        self._choices("action", [("", "All"), *((each, each) for each in actions)])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def wanted(self) -> Wanted:
        """What of it is valid; the rest is said beside its field."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**given)


@require_safe
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    pages = Paginator(reading.rows(form.wanted()), ROWS)
    shown = pages.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "rows": [_row(row) for row in shown.object_list],
        "shown": shown,
        "count": pages.count,
        "query": query.urlencode(),
        "narrowed": any(query.values()),
        "file_rows": reading.FILE_ROWS_MOST,
    }
    return render(request, "pages/system_audit.html", context)


@require_safe
@needs(Level.ADMINISTRATOR)
def table(request: HttpRequest) -> HttpResponse:
    """The same rows as a file for a table program, written while it is sent."""
    wanted = FilterForm(request.GET).wanted()
    answer = StreamingHttpResponse(_lines(wanted), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer  # type: ignore[return-value]


async def _lines(wanted: Wanted) -> AsyncIterator[str]:
    """A batch at a time: 50,000 rows are never in memory at once."""
    yield reading.header()
    before, sent = None, 0
    while sent < reading.FILE_ROWS_MOST:
        text, before, count = await sync_to_async(reading.batch)(wanted, before)
        sent += count
        if text:
            yield text
        if before is None:
            return


def _row(row: AuditRow) -> dict[str, Any]:
    return {
        "at": row.at,
        "username": row.username,
        "address": row.address,
        "protocol": PROTOCOLS.get(row.protocol, row.protocol),
        "action": row.action,
        "object": row.object,
        "differences": [
            {"name": _short(each.name, row.object), "before": each.before, "after": each.after}
            for each in reading.differences(worded(row.before), worded(row.after))
        ],
        "result": row.result,
    }


def _short(name: str, of: str) -> str:
    """ "vera.must_change_password" of a row about vera → "must change password" """
    return name.removeprefix(f"{of}.").replace("_", " ")
