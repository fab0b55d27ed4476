"""The look of the pages, which each user chooses and finds again in every browser."""

from nvrdevice.accounts.models import User
from nvrdevice.audit import trail
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.errors import DeviceError, Kind

CHOICES = (("auto", "Automatic"), ("light", "Light"), ("dark", "Dark"))


def choose(username: str, theme: str, *, by: Actor) -> None:
    if theme not in dict(CHOICES):
        words = ", ".join(dict(CHOICES))
        raise DeviceError(Kind.INVALID, f"There is no theme {theme!r}: give {words}.")
    user = User.objects.filter(username=username).first()
    if user is None:
        raise DeviceError(Kind.MISSING, f"There is no user {username!r}.")
    before, user.theme = user.theme, theme
    user.save(update_fields=["theme"])
    trail.record(
        by, "choose theme", username, before={"theme": before}, after={"theme": user.theme}
    )
