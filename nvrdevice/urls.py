"""Every URL that Django answers; /onvif/ never gets here (see nvrdevice.asgi)."""

from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
