"""Signing in. A refusal says why in plain words; too many tries slow down for everybody alike."""

from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts import passwords, policy, setup
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.models import User
from nvrdevice.accounts.refusals import Refused
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.system import first_setup
from webui.access import address_of, level_of
from webui.pages.password_fields import CurrentPassword
from webui.setup_gate import open_during_setup

BACKEND = "django.contrib.auth.backends.ModelBackend"


class LoginForm(forms.Form):
    username = forms.CharField(
        label="User name",
        max_length=150,
        widget=forms.TextInput(
            {
                "class": "input",
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Type your user name."},
    )
    password = CurrentPassword("Password")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_during_setup
def page(request: HttpRequest) -> HttpResponse:
    onward = _local(request, request.POST.get("next") or request.GET.get("next") or "/")
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(onward)
        return _show(request, LoginForm(), onward)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _show(request, form, onward)
    try:
        account = passwords.check(
            form.cleaned_data["username"],
            form.cleaned_data["password"],
            address=address_of(request),
        )
    except Refused as error:
        form.add_error(None, error.text)
        return _show(request, form, onward)
    # Nobody else sweeps: without it the table would grow by a row per sign-in for years.
    Session.objects.filter(expire_date__lt=SYSTEM_CLOCK.now()).delete()
    user = User.objects.get(username=account.username)
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(_setup_first(user, onward))


def _setup_first(user: User, onward: str) -> str:
    """An administrator who left the setup half done goes on with it."""
    if onward == "/" and level_of(user) >= Level.ADMINISTRATOR and first_setup.reached():
        return "/setup/"
    return onward


def admin_door(request: HttpRequest) -> HttpResponse:
    """Where Django admin sends whom it does not let in."""
    if request.user.is_authenticated:
        raise PermissionDenied("These pages are for administrators.")
    return redirect_to_login(request.GET.get("next", "/admin/"))


def _show(request: HttpRequest, form: LoginForm, onward: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "next": onward, "first_start": _first_start(request)}
    return render(request, "pages/login.html", context)


def _first_start(request: HttpRequest) -> str:
    found = setup.state()
    if not found.bootstrap_password:
        return ""
    if not setup.may_use_bootstrap_password(address_of(request)):
        return "This device is not set up yet. Its first password works from its own network only."
    return (
        f"Sign in as {found.username} with the first password: {policy.FIRST_PASSWORD}, unless "
        "another was given at the start. You choose your own right after."
    )


def _local(request: HttpRequest, wanted: str) -> str:
    """wanted if it is a page of this device, else the overview."""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else "/"
