"""At start: users.yaml is ours and written anew, or a person's, and then it becomes the users.

An edited file replaces the users whole. One that is broken changes nothing: the database serves
and the problem is named.
"""

import logging

from nvrdevice.accounts import hashes, policy, saving, users_file
from nvrdevice.accounts.models import User
from nvrdevice.accounts.users_file import Entry
from nvrdevice.audit.trail import Actor
from nvrdevice.lib.errors import DeviceError

log = logging.getLogger(__name__)


def reconcile(by: Actor) -> None:
    if not users_file.is_edited():
        users_file.restore()
        return
    try:
        entries = users_file.read()
    except DeviceError as error:
        if User.objects.exists():
            log.error("%s The users of the database serve until it is corrected.", error.text)
        else:
            log.error("%s It was not read.", error.text)
        return
    replace(entries, by)
    log.warning("%s was edited: its %d users now count.", users_file.NAME, len(entries))


def replace(entries: list[Entry], by: Actor) -> None:
    """Make entries the users: others are removed, changed hashes lose their sealed password."""
    names = {entry.username for entry in entries}
    gone = set(User.objects.values_list("username", flat=True)) - names
    known = [entry for entry in entries if _has_first_password(entry)]

    def work() -> None:
        User.objects.filter(username__in=gone).delete()
        for entry in entries:
            _store(entry, has_first_password=entry in known)

    saving.save(by, f"import {users_file.NAME}", sorted(names | gone), work)


def _store(entry: Entry, *, has_first_password: bool) -> None:
    user = User.objects.filter(username=entry.username).first() or User(username=entry.username)
    if user.password != entry.password_hash:
        user.password = entry.password_hash
        user.sealed_secret = None
        user.bootstrap_password = False
    user.onvif_access = entry.onvif_access
    if not entry.onvif_access:
        user.sealed_secret = None
    user.is_active = entry.active
    user.bootstrap_password = user.bootstrap_password or has_first_password
    user.must_change_password = entry.must_change_password or user.bootstrap_password
    user.save()
    saving.set_roles(user, entry.roles)


def _has_first_password(entry: Entry) -> bool:
    # The owner's program made admin/admin123 too: a file of it brings that password along.
    return entry.username == policy.FIRST_USERNAME and hashes.verify(
        policy.FIRST_PASSWORD, entry.password_hash
    )
