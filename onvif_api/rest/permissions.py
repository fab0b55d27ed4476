"""May they: Core's default access policy, as for SOAP. What names no access class is denied."""

from nvrdevice.accounts import access
from nvrdevice.accounts.access import AccessClass
from nvrdevice.accounts.book import Account
from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError, Kind

WHO_ARE_YOU = "This address needs a user of this device: send credentials."


def check(account: Account | None, wanted: AccessClass | None) -> None:
    """DeviceError unless this account may do what the class stands for."""
    level = account.level if account is not None else Level.ANONYMOUS
    if access.may(level, wanted):
        return
    if account is None:
        raise DeviceError(Kind.UNAUTHENTICATED, WHO_ARE_YOU)
    if wanted is None:
        raise DeviceError(Kind.FORBIDDEN, "Nobody may do this over REST.")
    raise DeviceError(
        Kind.FORBIDDEN,
        f"The user {account.username} may not do this: it needs the role "
        f"{access.LOWEST_LEVEL[wanted].role}. An administrator can change the role.",
    )
