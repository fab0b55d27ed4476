"""The form of a camera's address, tried before it is saved; for the camera pages and the wizard.

What was tried stays in the session until it is saved: the logins sealed, so that nobody types
a password twice, and the small picture.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media import settings, sources, trials
from nvrdevice.media.settings import Source
from nvrdevice.media.source_uri import place_of, with_login
from webui.access import actor
from webui.overview_parts import CODECS, TIMES

DRAFT, PICTURE = "tried_source", "tried_picture"
KEPT = ("uri", "sealed_login", "sub_uri", "sealed_sub_login")
FIELDS = {"source": "uri"}  # what the core calls a field, where the form calls it otherwise
Save = Callable[[Source, str], Source]  # the draft that was tried, and a name


class SourceForm(forms.Form):
    uri = forms.CharField(
        label="Address",
        max_length=1024,
        help_text="rtsp:// and the camera's address and path, such as "
        "rtsp://192.168.1.20/stream1. A video file of this device works too: "
        "file:///folder/clip.mp4.",
        error_messages={"required": "Give the camera's address, such as rtsp://192.168.1.20/live."},
        widget=forms.TextInput(
            {"class": "input", "autocomplete": "off", "spellcheck": "false", "inputmode": "url"}
        ),
    )
    user = forms.CharField(
        label="User of the camera",
        required=False,
        max_length=64,
        help_text="Empty if the camera asks for none.",
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password of the camera",
        required=False,
        max_length=128,
        strip=False,
        help_text="Kept encrypted, and never shown again.",
        widget=forms.PasswordInput({"class": "input", "autocomplete": "new-password"}),
    )
    sub_uri = forms.CharField(
        label="Second address (optional)",
        required=False,
        max_length=1024,
        help_text="rtsp:// of the camera's own small stream, where it has one: "
        "the small picture, motion and snapshots then cost this device less.",
        widget=forms.TextInput(
            {"class": "input", "autocomplete": "off", "spellcheck": "false", "inputmode": "url"}
        ),
    )
    name = forms.CharField(
        label="Name (optional)",
        required=False,
        max_length=settings.NAME_LIMIT,
        help_text="What the pages and your NVR call it, such as Front door.",
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )


@dataclass(frozen=True)
class Outcome:
    """saved: the source there is now; words: what was seen; anyway: whether a camera that gave
    no picture may still be saved; has_login: one is known already and need not be typed."""

    form: SourceForm
    saved: Source | None = None
    words: str = ""
    anyway: bool = False
    has_login: bool = False


def handle(request: HttpRequest, save: Save, existing: Source | None = None) -> Outcome:
    """Try what was posted, and save it unless it was only to be tried."""
    form = SourceForm(request.POST)
    what = request.POST.get("what", "")
    if not form.is_valid():
        return Outcome(form)
    try:
        draft = _draft(form, tried(request), existing)
    except DeviceError as error:
        _tell(form, error)
        return Outcome(form)
    form = _without_login(request, draft)
    _keep(request, draft)
    has_login = bool(draft.sealed_login)
    words = ""
    if what != "anyway":
        try:
            trial = trials.try_source(draft, actor(request))
        except DeviceError as error:
            _tell(form, error)
            return Outcome(form, anyway=what == "save", has_login=has_login)
        words = seen(trial)
        request.session[PICTURE] = base64.b64encode(trial.picture).decode()
    if what == "try":
        return Outcome(form, words=words, has_login=has_login)
    try:
        saved = save(draft, form.cleaned_data["name"])
    except DeviceError as error:
        _tell(form, error)
        return Outcome(form, has_login=has_login)
    for name in (DRAFT, PICTURE):
        request.session.pop(name, None)
    return Outcome(form, saved=saved, words=words)


def tried(request: HttpRequest) -> Source | None:
    kept = request.session.get(DRAFT)
    return Source(token="draft", **kept) if kept else None  # noqa: S106 - a name


def tried_picture(request: HttpRequest) -> bytes:
    return base64.b64decode(request.session.get(PICTURE, ""))


def seen(trial: trials.Trial) -> str:
    codec = CODECS.get(trial.codec, trial.codec)
    words = f"{trial.width} {TIMES} {trial.height}, {trial.fps:.3g} fps"
    return words if codec == "raw" else f"{words}, {codec}"


def _draft(form: SourceForm, before: Source | None, existing: Source | None) -> Source:
    given = form.cleaned_data
    text = with_login(given["uri"], given["user"], given["password"])
    draft = sources.draft(text, sub_uri=given["sub_uri"], before=existing)
    if before is None:
        return draft
    # What was tried last knows the newer login, for the host it was tried with.
    newer = sources.draft(text, sub_uri=given["sub_uri"], before=before)
    return newer if place_of(newer.uri) == place_of(before.uri) else draft


def _without_login(request: HttpRequest, draft: Source) -> SourceForm:
    """The same form as it may be shown; the login is kept with the draft."""
    data = request.POST.copy()
    data["uri"], data["sub_uri"], data["user"] = draft.uri, draft.sub_uri, ""
    shown = SourceForm(data)
    shown.is_valid()
    return shown


def _keep(request: HttpRequest, draft: Source) -> None:
    request.session[DRAFT] = {name: getattr(draft, name) for name in KEPT}
    request.session.pop(PICTURE, None)


def _tell(form: SourceForm, error: DeviceError) -> None:
    if error.kind is Kind.INTERNAL:
        raise error
    field = FIELDS.get(error.field or "", error.field)
    form.add_error(field if field in form.fields else None, error.text)
