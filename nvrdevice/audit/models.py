"""The audit trail: append-only rows of who changed what, from where, over which protocol."""

from typing import ClassVar

from django.db import models


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

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["-id"]
        verbose_name = "audit row"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.username} {self.action} {self.object}"
