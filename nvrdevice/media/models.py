"""The table of what was measured of each source."""

from django.db import models


class SourceFacts(models.Model):
    source = models.CharField(max_length=72, primary_key=True)
    uri = models.CharField(max_length=1024)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    fps = models.FloatField(default=0.0)
    codec = models.CharField(max_length=16, blank=True)
    pass_through = models.BooleanField(default=False)
    bitrate_kbps = models.PositiveIntegerField(default=0)
    gop_frames = models.PositiveIntegerField(default=0)
    h264_profile = models.CharField(max_length=16, blank=True)
    online = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField(null=True)

    class Meta:
        app_label = "nvrdevice"
        verbose_name = "source facts"
        verbose_name_plural = "source facts"

    def __str__(self) -> str:
        return f"{self.source} {self.width}x{self.height} {'online' if self.online else 'offline'}"
