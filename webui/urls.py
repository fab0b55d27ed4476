"""The pages, as a list to read. None uses a path of the REST interface (DESIGN section 7)."""

from django.urls import path

from webui.pages import (
    account,
    diagnostics,
    health,
    live,
    login,
    logout,
    motion,
    overview,
    setup_account,
    snapshot,
    system_device,
    system_network,
    system_security,
    system_time,
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
    path("motion/", motion.page, name="motion"),
    path("motion/<str:source>/", motion.page, name="motion-source"),
    path("system/device/", system_device.page, name="system-device"),
    path("system/time/", system_time.page, name="system-time"),
    path("system/network/", system_network.page, name="system-network"),
    path("system/security/", system_security.page, name="system-security"),
    path("diagnostics/", diagnostics.page, name="diagnostics"),
    path("diagnostics/parts/", diagnostics.parts, name="diagnostics-parts"),
    path("health/", health.answer, name="health"),
]
