"""Every URL that Django answers; /onvif/ never gets here (see nvrdevice.asgi)."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from webui.pages import login, logout

urlpatterns = [
    path("", include("onvif_api.rest.urls")),  # first: no page takes an address of REST
    path("", include("webui.urls")),
    # Signing in, out and changing one's password are the pages' affair, with their slow-down.
    path("admin/login/", login.admin_door),
    path("admin/logout/", logout.page),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account")),
    path("admin/", admin.site.urls),
]
handler500 = "webui.pages.errors.fault"
