"""Users for daily cases: who may do what, a new password, ONVIF access, the slow-down lifted.

Each button calls one function of nvrdevice.accounts, as every other face does; what it refuses
stands beside the field it is about.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from nvrdevice.accounts import pardon, users
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.users import Person
from nvrdevice.lib.errors import DeviceError
from webui.access import ROLES, actor, needs, user_of
from webui.pages.password_fields import NewPassword, tell

LEVELS = (Level.USER, Level.OPERATOR, Level.ADMINISTRATOR)
FIELDS = {"roles": "role"}


def _role() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Role",
        choices=[(level.role, f"{ROLES[level][0]}: {ROLES[level][1]}") for level in LEVELS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role."},
    )


def _onvif_access() -> forms.BooleanField:
    return forms.BooleanField(
        label="An NVR may sign in with this account (ONVIF access)",
        help_text="NVRs prove the password without sending it, which needs a copy that the device "
        "can read. It is kept encrypted; without ONVIF access there is none.",
        required=False,
    )


def _must_change(words: str) -> forms.BooleanField:
    return forms.BooleanField(label=words, required=False)


class AddForm(forms.Form):
    username = forms.CharField(
        label="User name",
        max_length=150,
        widget=forms.TextInput(
            {
                "class": "input",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Type a user name."},
    )
    password = NewPassword("Password")
    role = _role()
    onvif_access = _onvif_access()
    must_change_password = _must_change("Ask for a password of the user's own at the first sign-in")


class RightsForm(forms.Form):
    role = _role()
    onvif_access = _onvif_access()
    active = forms.BooleanField(
        label="Switched on",
        help_text="Switched off, nobody gets in with it, and whatever it plays or hears ends now.",
        required=False,
    )


class PasswordForm(forms.Form):
    password = NewPassword()
    must_change_password = _must_change("Ask for a password of the user's own at the next sign-in")


@require_safe
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/system_users.html", {"people": _people()})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def add(request: HttpRequest) -> HttpResponse:
    initial = {
        "username": request.GET.get("username", "")[:64],
        "role": Level.USER.role,
        "onvif_access": True,
    }
    form = AddForm(request.POST if request.method == "POST" else None, initial=initial)
    for_nvr = "nvr" in (request.GET.get("for"), request.POST.get("for"))
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        new = users.NewUser(roles=(typed.pop("role"),), **typed)
        if _done(form, lambda: users.create(new, by=actor(request))):
            messages.success(request, f"The user {new.username} is added.")
            return HttpResponseRedirect(reverse("connect" if for_nvr else "users"))
    return render(request, "pages/system_user_add.html", {"form": form, "for_nvr": for_nvr})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def one(request: HttpRequest, username: str) -> HttpResponse:
    person = _find(username)
    what = request.POST.get("what", "")
    rights = RightsForm(request.POST if what == "rights" else None, initial=_rights(person))
    password = PasswordForm(request.POST if what == "password" else None)
    words = ""
    if what == "rights" and rights.is_valid() and _set_rights(request, person, rights):
        words = f"The rights of {username} are saved."
    elif what == "password" and password.is_valid() and _set_password(request, person, password):
        words = f"The new password of {username} is set. Use it in the NVR too."
    elif what == "pardon":
        pardon.pardon(username, by=actor(request))
        words = f"{username} may try again at once."
    if words:
        messages.success(request, words)
        return HttpResponseRedirect(reverse("user", args=[username]))
    context = {"person": _row(person), "rights_form": rights, "password_form": password}
    return render(request, "pages/system_user.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def delete(request: HttpRequest, username: str) -> HttpResponse:
    person = _find(username)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(form, lambda: users.delete(username, by=actor(request)))
    ):
        messages.success(request, f"The user {username} is deleted.")
        return HttpResponseRedirect(reverse("users"))
    context = {"person": _row(person), "form": form, "own": person.username == _own(request)}
    return render(request, "pages/system_user_delete.html", context)


def _own(request: HttpRequest) -> str:
    return request.user.get_username()


def _rights(person: Person) -> dict[str, Any]:
    return {
        "role": person.level.role if person.level in ROLES else "",
        "onvif_access": person.onvif_access,
        "active": person.active,
    }


def _set_rights(request: HttpRequest, person: Person, form: RightsForm) -> bool:
    """Only what differs from now: a second role that the page does not show stays."""
    now, typed = _rights(person), form.cleaned_data
    new = {name: value for name, value in typed.items() if value != now[name]}
    if not new:
        return True
    role = new.pop("role", None)
    change = users.Change(person.username, roles=(role,) if role else None, **new)
    return _done(form, lambda: users.update(change, by=actor(request)))


def _set_password(request: HttpRequest, person: Person, form: PasswordForm) -> bool:
    typed = form.cleaned_data
    change = users.Change(
        person.username,
        password=typed["password"],
        must_change_password=True if typed["must_change_password"] else None,
    )
    if not _done(form, lambda: users.update(change, by=actor(request))):
        return False
    if person.username == _own(request):
        user = user_of(request)
        user.refresh_from_db()
        update_session_auth_hash(request, user)
    return True


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    try:
        act()
    except DeviceError as error:
        tell(form, error, FIELDS)
        return False
    return True


def _people() -> list[dict[str, Any]]:
    return [_row(person) for person in users.list_users()]


def _find(username: str) -> Person:
    found = next((each for each in users.list_users() if each.username == username), None)
    if found is None:
        raise Http404
    return found


def _row(person: Person) -> dict[str, Any]:
    """A user as the templates write it."""
    name, meaning = ROLES.get(person.level, ("No role", "may do nothing"))
    seen = (
        ("Pages", person.last_web),
        ("ONVIF", person.last_onvif),
        ("RTSP", person.last_rtsp),
        ("REST", person.last_rest),
    )
    return {
        "username": person.username,
        "role": name,
        "meaning": meaning,
        "active": person.active,
        "onvif": _onvif(person),
        "must_change_password": person.must_change_password,
        "failed_logins": person.failed_logins,
        "slowed_until": person.slowed_until if person.is_slowed else None,
        "seen": [{"face": face, "at": at} for face, at in seen if at is not None],
    }


def _onvif(person: Person) -> dict[str, str]:
    if not person.onvif_access:
        return {"kind": "off", "words": "No"}
    if person.waiting_for_password:
        return {"kind": "warn", "words": "Waiting for password"}
    return {"kind": "ok", "words": "Yes"}
