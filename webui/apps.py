"""The web pages as a Django app: template tags and the admin's registrations."""

from django.apps import AppConfig


class WebUi(AppConfig):
    name = "webui"
    verbose_name = "Web pages"

    def ready(self) -> None:
        from django.contrib import admin

        admin.site.index_title = "Administration"
        admin.site.site_title = "NVR Device"
