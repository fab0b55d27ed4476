"""The WebSockets: who may open one, and which consumer answers which path."""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.urls import path, re_path

from webui import consumers, event_log_consumer, io_consumer, live_consumer, ptz_consumer
from webui.origin import SameOrigin


def application() -> Callable[[Any, Any, Any], Awaitable[None]]:
    return SameOrigin(
        AuthMiddlewareStack(
            URLRouter(
                [
                    path("ws/events/", consumers.EventsConsumer.as_asgi()),
                    path("ws/events/log/", event_log_consumer.EventLogConsumer.as_asgi()),
                    path("ws/io/", io_consumer.IoConsumer.as_asgi()),
                    path("ws/live/<str:profile>/", live_consumer.LiveConsumer.as_asgi()),
                    path("ws/ptz/<str:source>/", ptz_consumer.PtzConsumer.as_asgi()),
                    re_path("", consumers.NothingHere.as_asgi()),
                ]
            )
        )
    )
