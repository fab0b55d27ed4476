"""The ASGI application: /onvif/ to the SOAP callable, the rest to Django and Channels."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nvrdevice.settings")
application = get_asgi_application()
