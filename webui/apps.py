"""The web pages as a Django app: templates tags and the admin's registrations."""

from django.apps import AppConfig


class WebUi(AppConfig):
    name = "webui"
    verbose_name = "Web pages"
