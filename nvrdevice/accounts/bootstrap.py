"""The first account: made once, so that a fresh device can be signed in to."""

import logging
import os

from nvrdevice.accounts import policy, saving, setup, users, users_import
from nvrdevice.accounts.levels import ADMIN
from nvrdevice.accounts.models import User
from nvrdevice.audit import trail
from nvrdevice.lib.errors import DeviceError, Kind

log = logging.getLogger(__name__)

VARIABLE = "NVR_ADMIN_PASSWORD"


def ensure_first_account() -> setup.Setup:
    """Roles, users.yaml and an administrator stand; whether the first password still does.

    Called at each start, before anything listens. DeviceError(INVALID) where
    NVR_ADMIN_PASSWORD cannot be a password.
    """
    saving.make_groups()
    users_import.reconcile(trail.DEVICE)
    if not User.objects.exists():
        first = users.NewUser(
            policy.FIRST_USERNAME, _first_password(), roles=(ADMIN,), must_change_password=True
        )
        users.add([first], by=trail.DEVICE, bootstrap=True)
    elif not saving.is_administered():
        log.error("There is no administrator: make one with ./nvr manage users create.")
    state = setup.state()
    if state.bootstrap_password:
        trail.record(trail.DEVICE, "warn: the first password stands", state.username)
        log.warning(
            "The first password of %s still stands: change it at /setup/account/.", state.username
        )
    return state


def _first_password() -> str:
    given = os.environ.get(VARIABLE)
    if not given:
        return policy.FIRST_PASSWORD
    try:
        return policy.password(given, weak="")
    except DeviceError as error:
        raise DeviceError(Kind.INVALID, f"{VARIABLE}: {error.text}", field=VARIABLE) from None
