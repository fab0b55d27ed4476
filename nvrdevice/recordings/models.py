"""Recordings, tracks and jobs as ONVIF models them, and the index of what lies on the disk.

The index is a convenience: `recovery` makes it anew from the files. When in each file which
picture lies is in the file itself.
"""

from typing import ClassVar

from django.db import models


class Recording(models.Model):
    """All that was ever recorded of one source; it outlives the source."""

    token = models.CharField(max_length=80, primary_key=True)
    source = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["token"]

    def __str__(self) -> str:
        return self.name or self.token


class Track(models.Model):
    """The metadata track is the journal of events, which holds the time of each."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE)
    token = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)  # "Video" or "Metadata", as tt:TrackType has them

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["recording_id", "token"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recording", "token"], name="one_track_of_a_token")
        ]

    def __str__(self) -> str:
        return f"{self.recording_id} {self.token}"


class RecordingJob(models.Model):
    """What transfers a source to its recording, and how that goes just now."""

    token = models.CharField(max_length=80, primary_key=True)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE)
    profile = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16, default="Idle")  # or "Active", "Error"
    reasons = models.JSONField(default=list)  # why it records
    error = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(null=True)

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["token"]

    def __str__(self) -> str:
        return f"{self.token} {self.state}"


class Segment(models.Model):
    """A file of a recording's video track."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE)
    sequence = models.BigIntegerField(db_index=True)
    path = models.CharField(max_length=200, unique=True)  # below the folder of the recordings
    profile = models.CharField(max_length=64)
    codec = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    size = models.BigIntegerField()
    closed = models.BooleanField(default=False)

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["start", "sequence"]
        indexes: ClassVar = [models.Index(fields=["recording", "start"], name="segment_by_start")]

    def __str__(self) -> str:
        return self.path


class ProtectedClip(models.Model):
    """A span that no retention touches."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE)
    start = models.DateTimeField()
    end = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    username = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["start"]

    def __str__(self) -> str:
        return f"{self.recording_id} {self.start:%Y-%m-%d %H:%M:%S}"


class StorageFacts(models.Model):
    """Of the one folder of recordings: its mark, and how it does just now."""

    token = models.CharField(max_length=16, primary_key=True)
    mark = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, default="ok")
    reason = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(null=True)

    class Meta:
        app_label = "nvrdevice"
        verbose_name = "storage facts"
        verbose_name_plural = "storage facts"

    def __str__(self) -> str:
        return f"{self.token} {self.state}"

    @property
    def sentence(self) -> str:
        """The reason, as it stands by itself: the system's own begin small and end open."""
        told = self.reason[:1].upper() + self.reason[1:]
        return told if not told or told.endswith((".", "!", "?")) else f"{told}."


class Export(models.Model):
    """A span being made, or made, into one MP4 to take away."""

    token = models.CharField(max_length=32, primary_key=True)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE)
    start = models.DateTimeField()
    end = models.DateTimeField()
    state = models.CharField(max_length=12, default="waiting")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=300, blank=True)
    username = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "nvrdevice"
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.token} {self.state}"
