"""The user: Django's own, with what ONVIF and the slow-down need."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    onvif_access = models.BooleanField("ONVIF access", default=True)
    # The password sealed, because digests cannot be checked against bcrypt (DESIGN section 6).
    sealed_secret = models.BinaryField(null=True, editable=False)
    must_change_password = models.BooleanField(default=False)
    failed_logins = models.PositiveIntegerField(default=0, editable=False)
    slowed_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        app_label = "nvrdevice"
