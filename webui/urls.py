"""The pages, as a list to read. None uses a path of the REST interface (DESIGN section 7)."""

from django.urls import path

from webui.pages import (
    account,
    diagnostics,
    health,
    live,
    login,
    logout,
    overview,
    schedules,
    setup_account,
    snapshot,
    source_add,
    source_change,
    source_pictures,
    sources,
)

urlpatterns = [
    path("", overview.page, name="overview"),
    path("live/", live.page, name="live"),
    path("live/<str:source>/", live.page, name="live-source"),
    path("login/", login.page, name="login"),
    path("logout/", logout.page, name="logout"),
    path("setup/account/", setup_account.page, name="setup-account"),
    path("account/", account.page, name="account"),
    path("snapshot/<str:profile>.jpg", snapshot.picture, name="snapshot"),
    path("video/sources/", sources.page, name="sources"),
    path("video/sources/add/", source_add.page, name="source-add"),
    path("video/sources/tried.jpg", source_pictures.tried, name="source-tried"),
    path("video/sources/found.jpg", source_pictures.found, name="source-found"),
    path("video/sources/<str:source>/", source_change.page, name="source"),
    path("video/sources/<str:source>/remove/", source_change.remove, name="source-remove"),
    path("schedules/", schedules.page, name="schedules"),
    path("schedules/<path:name>/", schedules.one, name="schedule"),
    path("diagnostics/", diagnostics.page, name="diagnostics"),
    path("diagnostics/parts/", diagnostics.parts, name="diagnostics-parts"),
    path("health/", health.answer, name="health"),
]
