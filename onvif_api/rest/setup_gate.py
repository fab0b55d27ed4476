"""Until the first password is changed REST does one thing only: change it (DESIGN section 6).

The same holds for a user whose password an administrator set for the first sign-in only. Under
NVR_REQUIRE_SETUP not even that is possible here: the page /setup/account/ is the one way.
"""

from nvrdevice.accounts import setup
from nvrdevice.accounts.book import Account
from nvrdevice.lib.errors import Kind
from onvif_api.rest.errors import PASSWORD_CHANGE_REQUIRED, RestError

CLOSED = "This device is not set up yet: change the first password at /setup/account/."
FIRST = (
    "This device still has the password of its first start: change it at /setup/account/, or "
    'with PUT /users/{username} and {{"password": "…"}} as {username}.'
)
GIVEN = (
    "The password of {username} was given for the first sign-in only: sign in at /login/ and "
    "choose another."
)


def check_door(*, to_change_password: bool) -> None:
    """Before anybody is looked at."""
    found = setup.state()
    if found.closed:
        raise _closed(CLOSED)
    if found.bootstrap_password and not to_change_password:
        raise _closed(FIRST.format(username=found.username))


def check_account(account: Account | None, *, own_password: bool) -> None:
    """Once it is known who asks. own_password: this is to change the password of the account."""
    if own_password:
        return
    check_door(to_change_password=False)
    if account is not None and account.must_change_password:
        raise _closed(GIVEN.format(username=account.username))


def _closed(text: str) -> RestError:
    return RestError(Kind.FORBIDDEN, text, code=PASSWORD_CHANGE_REQUIRED)
