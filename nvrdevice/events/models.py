"""The journal, the state each property is in, and the pull points that follow the journal."""

from typing import ClassVar

from django.db import models


class Event(models.Model):
    """One row of the journal. Numbers rise in the order of commits and are never used again."""

    at = models.DateTimeField(db_index=True)
    topic = models.CharField(max_length=200)
    operation = models.CharField(max_length=12, blank=True)  # of a property, else empty
    source = models.JSONField(default=dict)
    key = models.JSONField(default=dict)
    data = models.JSONField(default=dict)

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["topic", "id"], name="event_by_topic")]

    def __str__(self) -> str:
        return f"{self.pk} {self.topic} {self.operation}".rstrip()


class PropertyState(models.Model):
    """What a property is now (`data`) and what the journal last said of it (`told`).

    The two differ only while a switch holds the topic back. `told` is null before the first
    row. The table lives on when the journal's old rows are pruned.
    """

    topic = models.CharField(max_length=200)
    identity = models.CharField(max_length=64)  # digest of source and key
    source = models.JSONField(default=dict)
    key = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    told = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "identity"], name="one_state_per_property")
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.source} {self.told}"


class PullPoint(models.Model):
    """A subscription: whose it is, what it wants, how far it has read and until when it lives.

    Rows up to `synced_to` come first, then `pending` (the states of a new subscription or of a
    synchronization point, as they were at that row), then the rows behind it.
    """

    token = models.CharField(max_length=43, primary_key=True)
    user_id = models.BigIntegerField(db_index=True)
    username = models.CharField(max_length=150)
    level = models.SmallIntegerField()
    address = models.CharField(max_length=45, blank=True)
    filter = models.JSONField(default=dict)
    cursor = models.BigIntegerField()
    synced_to = models.BigIntegerField()
    pending = models.JSONField(default=list)
    created_at = models.DateTimeField()
    lifetime_s = models.FloatField()  # what the client asked for; each pull begins it anew
    terminates_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["created_at"]

    def __str__(self) -> str:
        return f"{self.username} {self.address} until {self.terminates_at:%Y-%m-%d %H:%M:%S}"
