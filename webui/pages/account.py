"""One's own account: password and theme."""

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nvrdevice.accounts import passwords, themes, users
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.models import User
from nvrdevice.accounts.refusals import Reason, Refused
from nvrdevice.lib.errors import DeviceError
from webui.access import actor, address_of, needs, user_of
from webui.pages.password_fields import CurrentPassword, NewPassword, tell

NOT_CURRENT = "This is not your current password."


class PasswordForm(forms.Form):
    current = CurrentPassword()
    password = NewPassword()


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(
        label="Theme", choices=themes.CHOICES, widget=forms.RadioSelect, required=True
    )


@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.USER)
def page(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    what = request.POST.get("what", "")
    password_form = PasswordForm(request.POST if what == "password" else None)
    theme_form = ThemeForm(request.POST if what == "theme" else None, initial={"theme": user.theme})
    if (
        what == "password"
        and password_form.is_valid()
        and _set_password(request, user, password_form)
    ):
        messages.success(request, "Your password is changed. Other browsers were signed out.")
        return HttpResponseRedirect("/account/")
    if what == "theme" and theme_form.is_valid():
        themes.choose(user.username, theme_form.cleaned_data["theme"], by=actor(request))
        messages.success(request, "Your theme is saved.")
        return HttpResponseRedirect("/account/")
    return render(
        request, "pages/account.html", {"password_form": password_form, "theme_form": theme_form}
    )


def _set_password(request: HttpRequest, user: User, form: PasswordForm) -> bool:
    name = user.username
    try:
        passwords.check(name, form.cleaned_data["current"], address=address_of(request))
    except Refused as error:
        wrong = error.reason is Reason.WRONG_PASSWORD
        form.add_error("current", NOT_CURRENT if wrong else error.text)
        return False
    try:
        change = users.Change(name, password=form.cleaned_data["password"])
        users.update(change, by=actor(request))
    except DeviceError as error:
        tell(form, error)
        return False
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    return True
