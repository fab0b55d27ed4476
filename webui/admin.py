"""Django admin: users through the functions of nvrdevice.accounts, roles and audit rows to read.

Nothing here writes a user by itself: admin does and refuses what every face does, and leaves
one audit row of protocol "web". Admin's own log is not written: the audit trail is the log.
"""

import copy
import functools
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from nvrdevice.accounts import users
from nvrdevice.accounts.levels import ROLES
from nvrdevice.accounts.models import User
from nvrdevice.audit.models import AuditRow
from nvrdevice.lib.errors import DeviceError
from webui.access import actor
from webui.admin_forms import AddUser, ChangeUser, SetPassword

admin.site.unregister(Group)


class ToRead(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that admin shows and nobody changes here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Group)
class RoleAdmin(ToRead):
    fields = ("name",)


@admin.register(AuditRow)
class AuditAdmin(ToRead):
    list_display = ("at", "username", "address", "protocol", "action", "object", "result")
    list_filter = ("protocol", "action")
    search_fields = ("username", "object")
    date_hierarchy = "at"
    show_full_result_count = False


@admin.register(User)
class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "role_names", "onvif_access", "is_active", "must_change_password")
    list_filter = ("groups", "is_active", "onvif_access")
    search_fields = ("username",)
    readonly_fields = ("username", "set_password", "failed_logins", "slowed_until", "last_login")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "set_password")}),
        (
            "What this user may do",
            {"fields": ("roles", "onvif_access", "is_active", "must_change_password")},
        ),
        ("Signing in", {"fields": ("last_login", "failed_logins", "slowed_until")}),
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
