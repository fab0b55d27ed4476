"""The user: Django's own, with what ONVIF and the slow-down need; and what users.yaml should hold.

Only nvrdevice.accounts changes these rows; every face calls its functions.
"""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


class People(UserManager["User"]):
    def create_superuser(self, username: str, *unused: Any, **fields: Any) -> "User":
        """Django's createsuperuser command makes an administrator as every face does."""
        from nvrdevice.accounts import users
        from nvrdevice.audit.trail import Actor

        new = users.NewUser(username, fields.get("password") or "", roles=("admin",))
        users.create(new, by=Actor("createsuperuser", "", "cli"))
        return self.get(username=username)


class User(AbstractUser):
    onvif_access = models.BooleanField("ONVIF access", default=True)
    # The password sealed, because digests cannot be checked against bcrypt (DESIGN section 6).
    sealed_secret = models.BinaryField(null=True, editable=False)
    must_change_password = models.BooleanField(default=False)
    # The password this device was first started with still stands.
    bootstrap_password = models.BooleanField(default=False, editable=False)
    failed_logins = models.PositiveIntegerField(default=0, editable=False)
    slowed_until = models.DateTimeField(null=True, blank=True, editable=False)
    # When the user last came in by each face, at most a minute old (nvrdevice.accounts.last_use).
    last_web = models.DateTimeField(null=True, blank=True, editable=False)
    last_onvif = models.DateTimeField(null=True, blank=True, editable=False)
    last_rtsp = models.DateTimeField(null=True, blank=True, editable=False)
    last_rest = models.DateTimeField(null=True, blank=True, editable=False)
    theme = models.CharField(max_length=5, default="auto", editable=False)  # of the pages

    objects: ClassVar[People] = People()

    class Meta(AbstractUser.Meta):
        app_label = "nvrdevice"


class UsersFileState(models.Model):
    """The SHA-256 of the users.yaml that belongs to the database: one row.

    digest: of the bytes written, or to be written, for the database as it is.
    previous: of the file that lay there before; a kill may leave either.
    """

    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)

    class Meta:
        app_label = "nvrdevice"

    def __str__(self) -> str:
        return self.digest
