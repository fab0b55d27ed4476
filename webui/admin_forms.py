"""The forms of Django admin for users: what was typed goes to nvrdevice.accounts, once, as the
last check, so that its refusals stand beside the field they are about.
"""

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.views.decorators.debug import sensitive_variables

from nvrdevice.accounts import users
from nvrdevice.accounts.levels import ROLES
from nvrdevice.accounts.models import User
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.errors import DeviceError

MEANINGS = ("sees the picture and the events", "works with the device", "may do everything")


def _roles() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=[(role, f"{role}: {words}") for role, words in zip(ROLES, MEANINGS, strict=True)],
        widget=forms.CheckboxSelectMultiple,
        help_text="The highest one counts.",
    )


def _onvif_access() -> forms.BooleanField:
    return forms.BooleanField(
        label="ONVIF access",
        required=False,
        help_text="An NVR may use this account. Its password is then kept sealed on the device.",
    )


def _must_change_password() -> forms.BooleanField:
    return forms.BooleanField(label="Must change the password", required=False)


def _password(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class _UserForm(forms.ModelForm):  # type: ignore[type-arg]
    by: Actor  # who uses the form; admin sets it
    saved_name: str  # of the user it was about, after it was valid

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def _post_clean(self) -> None:
        if self.errors:
            return
        try:
            self.saved_name = self.carry_out()
        except DeviceError as error:
            _say(self, error, {"password": "password1", "active": "is_active"})

    def carry_out(self) -> str:
        """Call nvrdevice.accounts; the name of the user."""
        raise NotImplementedError


class AddUser(_UserForm):
    username = forms.CharField(label="User name", strip=True)
    password1 = _password("Password")
    password2 = _password("Password once more")
    roles = _roles()
    onvif_access = _onvif_access()
    must_change_password = _must_change_password()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial = {"roles": ROLES[:1], "onvif_access": True} | dict(self.initial)

    def clean_password2(self) -> str:
        return _same(self.cleaned_data)

    @sensitive_variables()
    def carry_out(self) -> str:
        typed = self.cleaned_data
        new = users.NewUser(
            username=typed["username"],
            password=typed["password1"],
            roles=tuple(typed["roles"]),
            onvif_access=typed["onvif_access"],
            must_change_password=typed["must_change_password"],
        )
        return users.create(new, by=self.by)


class ChangeUser(_UserForm):
    roles = _roles()
    onvif_access = _onvif_access()
    is_active = forms.BooleanField(
        label="Active", required=False, help_text="Take this away instead of deleting the user."
    )
    must_change_password = _must_change_password()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        user = self.instance
        self.initial = {
            "roles": [group.name for group in user.groups.all()],
            "onvif_access": user.onvif_access,
            "is_active": user.is_active,
            "must_change_password": user.must_change_password,
        } | dict(self.initial)

    def carry_out(self) -> str:
        typed = self.cleaned_data
        change = users.Change(
            username=self.instance.username,
            roles=tuple(typed["roles"]),
            onvif_access=typed["onvif_access"],
            active=typed["is_active"],
            must_change_password=typed["must_change_password"],
        )
        users.update(change, by=self.by)
        return change.username


class SetPassword(AdminPasswordChangeForm):  # type: ignore[type-arg]
    def __init__(self, user: User, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(user, *args, **options)
        self.by = by
        # An account without a password is not known here: switch it off instead.
        self.fields.pop("usable_password", None)

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            change = users.Change(self.user.username, password=typed["password1"])
            try:
                users.update(change, by=self.by)
            except DeviceError as error:
                _say(self, error, {"password": "password1"})
        return typed

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        saved = User.objects.get(pk=self.user.pk)
        self.user = saved
        return saved


def _same(typed: dict[str, Any]) -> str:
    first, second = typed.get("password1"), str(typed.get("password2"))
    if first is not None and first != second:
        raise forms.ValidationError("The two passwords differ: type the same one twice.")
    return second


def _say(form: forms.BaseForm, error: DeviceError, names: dict[str, str]) -> None:
    field = names.get(error.field or "", error.field)
    form.add_error(field if field in form.fields else None, error.text)
