"""The socket of the events page: rows that pass the page's filters, as they come about."""

from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string

from nvrdevice.accounts.levels import Level
from nvrdevice.events import history
from webui import event_filters, overview_parts
from webui.consumers import ROWS, PageSocket


class EventLogConsumer(PageSocket):
    def prepare(self) -> bool:
        # What the page shows last comes with the question: a page that was away misses nothing.
        query = QueryDict(self.scope["query_string"][:4096])
        after = query.get("after", "0")
        self._last = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
        self._wanted = event_filters.read(query).wanted
        return True

    def news(self, level: Level) -> dict[str, Any]:
        found, head, is_more = history.after(self._wanted, self._last, ROWS)
        if head == self._last:
            return {}
        self._last = head
        rows = overview_parts.rows(found)
        return {
            "rows": "".join(
                render_to_string("partials/event_line.html", {"row": row}) for row in rows
            ),
            "count": len(rows),
            "gap": is_more,
            "last": head,
        }
