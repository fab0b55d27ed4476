"""The forced first change: nobody gets past it while the password of the first start stands."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts import setup, users
from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError
from nvrdevice.system import first_setup
from webui import wizard
from webui.access import actor, level_of, needs, user_of
from webui.pages.password_fields import NewPassword, tell
from webui.setup_gate import open_during_setup, password_must_change

WHY_FIRST = (
    "This device still has the password of its first start, which others may know. "
    "Choose your own; nothing else is shown before."
)
WHY_GIVEN = "An administrator gave you this password for the first sign-in. Choose your own now."
WHY_WAIT = (
    "This device is not set up yet: its first account still has the password of the first "
    "start. Sign out and sign in with that account to choose a new one."
)


class FirstPasswordForm(forms.Form):
    password = NewPassword()
    onvif_access = forms.BooleanField(
        label="An NVR may sign in with this account (ONVIF access)",
        help_text="NVRs prove the password without sending it, which needs a copy that the device "
        "can read. It is kept encrypted. Without ONVIF access there is no such copy.",
        required=False,
    )


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ANONYMOUS)
@open_during_setup
def page(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not password_must_change(user):
        return _summary(request)
    if not user.must_change_password:
        return _show(request, FirstPasswordForm(), WHY_WAIT, allowed=False)
    first = setup.state().bootstrap_password
    reason = WHY_FIRST if first else WHY_GIVEN
    initial = {"onvif_access": user.onvif_access}
    form = FirstPasswordForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            users.update(users.Change(user.username, **form.cleaned_data), by=actor(request))
        except DeviceError as error:
            tell(form, error)
        else:
            user.refresh_from_db()
            update_session_auth_hash(request, user)
            messages.success(request, "Your password is set. Use it in your NVR too.")
            if not first or level_of(user) < Level.ADMINISTRATOR:
                return HttpResponseRedirect("/")
            first_setup.go_to("account")
            return wizard.onward("account")
    return _show(request, form, reason, allowed=True)


def _summary(request: HttpRequest) -> HttpResponse:
    """The password is somebody's own: for administrators, the first step of the setup."""
    if level_of(request.user) < Level.ADMINISTRATOR:
        return HttpResponseRedirect("/")
    if request.method == "POST":
        return wizard.onward("account")
    return render(request, "pages/setup_account_done.html", wizard.frame("account"))


def _show(
    request: HttpRequest, form: FirstPasswordForm, reason: str, *, allowed: bool
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "reason": reason, "allowed": allowed}
    if allowed and setup.state().bootstrap_password:
        context |= wizard.frame("account")
    return render(request, "pages/setup_account.html", context)
