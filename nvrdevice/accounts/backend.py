"""Django's own sign-in (Django admin's form) goes through the same check as every other face."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from nvrdevice.accounts import passwords
from nvrdevice.accounts.models import User
from nvrdevice.accounts.refusals import Refused


class SignIn(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **unused: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        address = str(request.META.get("REMOTE_ADDR", "")) if request is not None else ""
        try:
            account = passwords.check(username, password, address=address)
        except Refused:
            raise PermissionDenied from None  # no other backend is asked
        return User.objects.get(pk=account.user_id)
