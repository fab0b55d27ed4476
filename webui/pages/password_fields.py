"""The fields of forms that take a password. Paste and password managers are welcome."""

from typing import Any

from django import forms

from nvrdevice import state
from nvrdevice.accounts.settings import AccountSettings
from nvrdevice.lib.errors import DeviceError

ADVISED = 10


def help_text() -> str:
    least = state.read(AccountSettings).password_min_length
    advice = f"; {ADVISED} or more are better" if least < ADVISED else ""
    return f"At least {least} characters{advice}. Any characters, no other rules."


class NewPassword(forms.CharField):
    def __init__(self, label: str = "New password", **more: Any) -> None:
        widget = forms.PasswordInput({"class": "input", "autocomplete": "new-password"})
        errors = {"required": f"Type the {label.lower()}."}
        super().__init__(
            label=label,
            widget=widget,
            strip=False,
            max_length=1024,
            error_messages=errors,
            **more,
        )

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.help_text = help_text()  # as set now: a form is made for each request
        return super().get_bound_field(form, field_name)


class CurrentPassword(forms.CharField):
    def __init__(self, label: str = "Current password", **more: Any) -> None:
        widget = forms.PasswordInput({"class": "input", "autocomplete": "current-password"})
        errors = {"required": f"Type the {label.lower()}."}
        super().__init__(
            label=label,
            widget=widget,
            strip=False,
            max_length=1024,
            error_messages=errors,
            **more,
        )


def tell(form: forms.Form, error: DeviceError, fields: dict[str, str] | None = None) -> None:
    """Put a refusal of the device beside its field, or over the form where it names none."""
    field = (fields or {}).get(error.field or "", error.field)
    form.add_error(field if field in form.fields else None, error.text)
