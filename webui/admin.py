"""Django admin: users through the functions of nvrdevice.accounts, roles and audit rows to read.

Nothing here writes a user by itself: admin does and refuses what every face does, and leaves
one audit row of protocol "web". Admin's own log is not written: the audit trail is the log.
"""

import copy
import functools
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from nvrdevice.accounts import access, pardon, sealing, users
from nvrdevice.accounts.levels import ROLES, level_of
from nvrdevice.accounts.models import User
from nvrdevice.audit.models import AuditRow
from nvrdevice.events.models import Event
from nvrdevice.lib.clock import SYSTEM_CLOCK
from nvrdevice.lib.errors import DeviceError
from webui.access import ROLES as PEOPLES_ROLES
from webui.access import actor
from webui.admin_forms import AddUser, ChangeUser, SetPassword

admin.site.unregister(Group)


class ToRead(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that admin shows and nobody changes here."""

    change_form_template = "admin/to_read.html"
    heading = ""

    @admin.display(description="Time", ordering="at")
    def time(self, row: Any) -> str:
        return f"{row.at:%Y-%m-%d %H:%M:%S} UTC"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        return super().changelist_view(request, {"title": self.heading} | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Group)
class RoleAdmin(ToRead):
    """The three roles are fixed; what each may do is Core's default access policy."""

    heading = "Roles"
    list_display = ("name", "meaning", "onvif_level", "members")
    fields = ("name", "meaning", "onvif_level", "members", "operations")
    readonly_fields = ("meaning", "onvif_level", "members", "operations")

    @admin.display(description="What it means")
    def meaning(self, group: Group) -> str:
        level = level_of([group.name])
        return PEOPLES_ROLES[level][1] if level in PEOPLES_ROLES else "May do nothing."

    @admin.display(description="ONVIF level")
    def onvif_level(self, group: Group) -> str:
        return level_of([group.name]).onvif_name

    @admin.display(description="Users")
    def members(self, group: Group) -> str:
        return ", ".join(User.objects.filter(groups=group).values_list("username", flat=True))

    @admin.display(description="ONVIF operations")
    def operations(self, group: Group) -> str:
        level = level_of([group.name])
        allowed: dict[access.AccessClass, list[str]] = {}
        for operation, access_class in access.table().items():
            if access_class is not None and access.may(level, access_class):
                allowed.setdefault(access_class, []).append(operation)
        return format_html_join(
            "",
            "<details><summary>{}: {} operations</summary><p>{}</p></details>",
            (
                (access_class.value, len(names), ", ".join(sorted(names)))
                for access_class, names in allowed.items()
            ),
        )


@admin.register(Event)
class EventAdmin(ToRead):
    heading = "Events"
    fields = ("time", "topic", "operation", "source", "key", "data")
    list_display = ("time", "topic", "operation", "source", "data")
    list_display_links = ("time", "topic")
    search_fields = ("topic",)
    show_full_result_count = False


@admin.register(AuditRow)
class AuditAdmin(ToRead):
    heading = "Audit rows"
    fields = (
        *("time", "username", "address", "protocol", "action", "object"),
        *("before", "after", "result"),
    )
    list_display = ("time", "username", "address", "protocol", "action", "object", "result")
    list_filter = ("protocol", "action")
    search_fields = ("username", "object")
    date_hierarchy = "at"
    show_full_result_count = False


@admin.register(User)
class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "role_names", "onvif", "is_active", "last_seen", "slow_down")
    change_user_password_template = "admin/set_password.html"  # noqa: S105
    list_filter = ("groups", "is_active", "onvif_access")
    search_fields = ("username",)
    readonly_fields = (
        *("user_name", "set_password", "onvif", "failed_logins", "slowed_until"),
        "last_use",
    )
    actions = ("lift_slow_down",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("user_name", "set_password")}),
        (
            "What this user may do",
            {"fields": ("roles", "onvif_access", "is_active", "must_change_password")},
        ),
        ("Sign-ins", {"fields": ("onvif", "failed_logins", "slowed_until", "last_use")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    *("username", "password1", "password2"),
                    *("roles", "onvif_access", "must_change_password"),
                ),
            },
        ),
    )

    @admin.display(description="Roles")
    def role_names(self, user: User) -> str:
        names = {group.name for group in user.groups.all()}
        return " ".join(role for role in ROLES if role in names)

    @admin.display(description="ONVIF")
    def onvif(self, user: User) -> str:
        if not user.onvif_access:
            return "No"
        waits = sealing.unseal(user.sealed_secret, user.password) is None
        return "Waiting for password" if waits else "Yes"

    @admin.display(description="Last seen")
    def last_seen(self, user: User) -> str:
        seen = [(at, face) for face, at in _faces(user) if at is not None]
        return f"{max(seen)[1]} {_words(max(seen)[0])}" if seen else "Never"

    @admin.display(description="Last use")
    def last_use(self, user: User) -> str:
        lines = ((face, _words(at)) for face, at in _faces(user))
        return format_html_join(SafeString("<br>"), "{}: {}", lines)

    @admin.display(description="Slow-down")
    def slow_down(self, user: User) -> str:
        if user.slowed_until is not None and user.slowed_until > SYSTEM_CLOCK.now():
            return f"Until {user.slowed_until:%H:%M:%S} UTC"
        return f"{user.failed_logins} failed" if user.failed_logins else "None"

    @admin.action(description="Lift the slow-down of the selected users")
    def lift_slow_down(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            pardon.pardon(user.username, by=actor(request))
        self.message_user(request, "They may try again at once.", messages.SUCCESS)

    @admin.display(description="User name")
    def user_name(self, user: User) -> str:
        return user.username  # without Django's own rules for names, which are not ours

    @admin.display(description="Password")
    def set_password(self, user: User) -> str:
        return format_html('<a href="{}">Set a new password</a>', "../password/")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj is not None else ()

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **unused: Any,
    ) -> Any:
        """The forms do the change themselves, as their last check."""
        return type("Form", (AddUser if obj is None else ChangeUser,), {"by": actor(request)})

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:  # noqa: FBT001
        return User.objects.get(username=form.saved_name)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Done already."""

    def save_related(self, *unused: Any) -> None:
        """Done already."""

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        # A copy, because other threads use this admin with other actors.
        own = copy.copy(self)
        own.change_password_form = functools.partial(SetPassword, by=actor(request))
        return super(PeopleAdmin, own).user_change_password(request, id, form_url)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Their names alone: rows that tie them to roles are nobody's concern."""
        return [str(user) for user in objs], {"users": len(objs)}, set(), []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        return super().changelist_view(request, {"title": "Users"} | (extra_context or {}))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        users.delete(obj.username, by=actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        names = list(queryset.order_by("pk").values_list("username", flat=True))
        users.delete_many(names, by=actor(request))

    # Admin opens a transaction around these three; users.yaml may only be written after the
    # commit, so the functions of nvrdevice.accounts want to open their own.

    def add_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        return admin.ModelAdmin.add_view(self, request, *args, **options)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        return self._changeform_view(  # type: ignore[attr-defined]
            request, object_id, form_url, extra_context
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        try:
            return self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined]
        except DeviceError as error:
            return self._told(request, error)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *unused: Any) -> Any:
        try:
            return super().response_action(request, queryset)
        except DeviceError as error:
            return self._told(request, error)

    def _told(self, request: HttpRequest, error: DeviceError) -> HttpResponse:
        self.message_user(request, error.text, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:nvrdevice_user_changelist"))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        user = self.get_object(request, object_id)
        query = urlencode({"q": user.username if user is not None else ""})
        return HttpResponseRedirect(reverse("admin:nvrdevice_auditrow_changelist") + "?" + query)

    def log_addition(self, *unused: Any) -> Any:
        return None

    def log_change(self, *unused: Any) -> Any:
        return None

    def log_deletions(self, *unused: Any) -> Any:
        return None


def _faces(user: User) -> tuple[tuple[str, datetime | None], ...]:
    return (
        ("Pages", user.last_web),
        ("ONVIF", user.last_onvif),
        ("RTSP", user.last_rtsp),
        ("REST", user.last_rest),
    )


def _words(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at is not None else "never"
