"""What the tests of pages of settings share."""

from django.test import Client

from nvrdevice.audit.models import AuditRow


def save(client: Client, path: str, what: str, **typed: str) -> str:
    """Press the button of a card; the page that follows."""
    form = {"what": what, **typed}
    return client.post(path, form, follow=True).content.decode()


def rows() -> list[tuple[str, str, object, object]]:
    """Who did what: the audit rows of the pages, oldest first."""
    found = AuditRow.objects.filter(protocol="web").order_by("id")
    return [(row.username, row.action, row.before, row.after) for row in found]
