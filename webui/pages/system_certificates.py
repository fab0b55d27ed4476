"""/system/certificates/: what HTTPS shows, another certificate in its place, and the mode.

A change that could shut everybody out waits to be kept by somebody who came over HTTPS.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from nvrdevice import state
from nvrdevice.accounts.levels import Level
from nvrdevice.audit.trail import Actor
from nvrdevice.health.certificate_checks import WARNED_BEFORE
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.errors import DeviceError
from nvrdevice.system import protocols, tls
from nvrdevice.system.tls import changing, checking, only, pending, shelf
from nvrdevice.system.tls.mode import TlsSettings
from nvrdevice.system.tls.pair import Facts
from webui.access import actor, host_of, needs
from webui.settings_form import SettingsForm, form_for, values

ModeForm = form_for(
    TlsSettings,
    "https",
    words={
        "https": {
            tls.OFF: "Off: HTTP only",
            tls.OPTIONAL: "Optional: HTTP and HTTPS side by side",
            tls.REQUIRED: "Required: HTTP only leads to HTTPS",
        }
    },
    helps={
        "https": "Of pages, ONVIF and REST. RTSP inside TLS has a port of its own and stays open."
    },
)
Save = Callable[[dict[str, Any], Actor], object]


def _file(label: str, help_text: str, accept: str) -> forms.FileField:
    widget = forms.ClearableFileInput({"class": "input", "accept": accept})
    return forms.FileField(
        label=label,
        help_text=help_text,
        required=False,
        widget=widget,
        allow_empty_file=True,  # the core says what is wrong with it
    )


def _passphrase(help_text: str) -> forms.CharField:
    widget = forms.PasswordInput({"class": "input", "autocomplete": "off"})
    return forms.CharField(
        label="Passphrase",
        help_text=help_text,
        required=False,
        strip=False,
        max_length=checking.PASSPHRASE_MAX,
        widget=widget,
    )


class PemForm(SettingsForm):
    prefix = "pem"
    chain = _file("Certificate", "PEM: the device's own first, then those above it.", ".pem,.crt")
    key = _file(
        "Private key", "PEM. Leave it out for the answer to a signing request.", ".pem,.key"
    )
    passphrase = _passphrase("Only if the key is encrypted. It is not kept.")


class BundleForm(SettingsForm):
    prefix = "bundle"
    bundle = _file("PKCS#12 file", "Certificate and key in one file.", ".p12,.pfx")
    passphrase = _passphrase("It is not kept.")


class RenewForm(SettingsForm):
    """Only a button."""


FORMS: dict[str, type[SettingsForm]] = {
    "mode": ModeForm,
    "renew": RenewForm,
    "pem": PemForm,
    "bundle": BundleForm,
}
SAVES: dict[str, Save] = {
    "mode": lambda typed, by: changing.set_mode(typed["https"], by=by),
    "renew": lambda _, by: changing.renew(by=by),
    "pem": lambda typed, by: changing.upload(
        _read(typed["chain"]), _read(typed["key"]), typed["passphrase"], by=by
    ),
    "bundle": lambda typed, by: changing.upload_pkcs12(
        _read(typed["bundle"]), typed["passphrase"], by=by
    ),
}
DONE = {"mode": "The mode is saved.", "keep": "The change stays.", "undo": "It is taken back."}
REPLACED = "The certificate is replaced."


@sensitive_post_parameters("pem-passphrase", "bundle-passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    what = request.POST.get("what", "") if request.method == "POST" else ""
    if what in ("keep", "undo"):
        _end_trial(request, what)
        return HttpResponseRedirect(request.path)
    found = {}
    for name, form_class in FORMS.items():
        initial = values(state.read(TlsSettings), ModeForm) if name == "mode" else None
        asked = what == name
        form = form_class(
            request.POST if asked else None, request.FILES if asked else None, initial=initial
        )
        if asked and form.is_valid() and _save(name, form, actor(request)):
            messages.success(request, DONE.get(name, REPLACED))
            return HttpResponseRedirect(request.path)
        found[name] = form
    return render(request, "pages/system_certificates.html", {"forms": found} | _facts(request))


@require_safe
@needs(Level.ADMINISTRATOR)
def certificate(request: HttpRequest) -> HttpResponse:
    return _download("certificate.pem", shelf.chain_pem)


@require_safe
@needs(Level.ADMINISTRATOR)
def signing_request(request: HttpRequest) -> HttpResponse:
    return _download("request.csr", changing.request)


def _save(name: str, form: SettingsForm, by: Actor) -> bool:
    return form.carry_out(lambda: SAVES[name](form.cleaned_data, by))


def _end_trial(request: HttpRequest, what: str) -> None:
    try:
        if what == "keep":
            changing.keep(by=actor(request), secure=request.is_secure())
        else:
            changing.undo(by=actor(request))
    except DeviceError as error:
        messages.error(request, error.text)
    else:
        messages.success(request, DONE[what])


def _facts(request: HttpRequest) -> dict[str, Any]:
    now, change = SYSTEM_CLOCK.now(), pending.read()
    shown: Facts | None = None
    trouble = ""
    try:
        shown = shelf.facts() if shelf.current() else None
    except DeviceError as error:
        trouble = error.text
    left = shown.until - now if shown is not None else timedelta(0)
    return {
        "shown": shown,
        "trouble": trouble,
        "expiry": "danger" if left <= timedelta(0) else "warn" if left < WARNED_BEFORE else "ok",
        "days_left": max(left.days, 0),
        "mode": tls.mode(),
        "port": settings.HTTPS_PORT,
        "answers": bool(protocols.listening(settings.HTTPS_PORT)),
        "over_https": only.base(host_of(request)) + request.path,
        "change": change,
        "change_is_mode": change is not None and change.what == pending.MODE,
        "left_s": round(change.left_s(now)) if change is not None else 0,
    }


def _read(file: "UploadedFile[bytes] | None") -> bytes:
    """No more than would be refused for its size."""
    return file.read(checking.SIZE_MAX + 1) if file is not None else b""


def _download(name: str, make: Callable[[], bytes]) -> HttpResponse:
    try:
        body = make()
    except DeviceError as error:
        return HttpResponse(error.text, status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(body, content_type="application/x-pem-file")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
