"""The audit trail: append-only rows of who changed what, from where, over which protocol.

Rows are made by trail.record() and never changed; only the oldest of very many are dropped.
"""

from typing import Any, ClassVar, NoReturn

from django.db import models


class Rows(models.QuerySet["AuditRow"]):
    def update(self, **changes: Any) -> NoReturn:
        raise _append_only()

    def delete(self) -> NoReturn:
        raise _append_only()

    def drop(self) -> int:
        """For trail.prune() alone."""
        return super().delete()[0]


class AuditRow(models.Model):
    at = models.DateTimeField(db_index=True)
    username = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=45, blank=True)
    protocol = models.CharField(max_length=12)
    action = models.CharField(max_length=80)
    object = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    result = models.CharField(max_length=200, default="done")

    objects = Rows.as_manager()

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["-id"]
        verbose_name = "audit row"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.username} {self.action} {self.object}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise _append_only()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise _append_only()


def _append_only() -> TypeError:
    return TypeError("The audit trail is append-only: rows are never changed or deleted.")
