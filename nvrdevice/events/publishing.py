"""The one way into the journal: one transaction for the row and the property's state.

Safe from every thread and process (SQLite's single writer, on PostgreSQL an advisory lock, make
the order of numbers the order of commits). A property whose values did not change is not
published again.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from nvrdevice.events import pipeline, pruning, topics
from nvrdevice.events.models import Event, PropertyState
from nvrdevice.events.notification import CHANGED, DELETED, INITIALIZED
from nvrdevice.events.values import Value, as_text
from nvrdevice.lib import home
from nvrdevice.lib.clock import SYSTEM_CLOCK, Clock
from nvrdevice.lib.errors import DeviceError, Kind

WRITER_LOCK = 0x4E5652  # any number, the same in every process of this device
PRUNE_EVERY = 256  # rows
OFF = {"true": "false", "active": "inactive"}  # by what is on

Items = Mapping[str, Value]


def publish(
    topic: str,
    source: Items | None = None,
    data: Items | None = None,
    *,
    key: Items | None = None,
    at: datetime | None = None,
    operation: str | None = None,
    withdraw: bool = False,
    clock: Clock = SYSTEM_CLOCK,
) -> int | None:
    """Append an event; its number, or None where nothing was to be told.

    Of a property, the first message is Initialized and the later ones Changed, by themselves;
    operation="Deleted" ends it. A message of another topic has no operation.
    withdraw: what was told as on is told as ended where a switch now holds it back, so that no
    subscriber stays with it; its state goes on, for whoever in this device acts on it.
    """
    known = topics.find(topic)
    if known is None:
        raise DeviceError(Kind.INTERNAL, f"The topic {topic} was never declared.")
    row = Event(
        at=at or clock.now(),
        topic=topic,
        source=_ordered(known.source, source, topic),
        key=_ordered(known.key, key, topic),
        data=_ordered(known.data, data, topic),
    )
    if operation not in (None, DELETED) or (operation and not known.is_property):
        raise DeviceError(Kind.INTERNAL, f"{topic} cannot be told as {operation}.")
    stands = operation is None and not (withdraw and not pipeline.passes(topic))
    if known.is_property and stands and _is_known(row):
        return None  # the usual case of a detector that says the same again takes no lock
    with transaction.atomic():
        take_turn()
        if known.is_property:
            told = _tell_property(row, deleted=operation == DELETED, withdraw=withdraw)
        else:
            told = pipeline.passes(topic)
            if told:
                row.save(force_insert=True)
        if told:
            transaction.on_commit(lambda: home.ring("journal"))
    if not told:
        return None
    if row.pk % PRUNE_EVERY == 0:
        pruning.prune(clock)
    return int(row.pk)


def catch_up(clock: Clock = SYSTEM_CLOCK) -> int:
    """Tell the states that a switch held back and now lets through; how many those were."""
    told = 0
    with transaction.atomic():
        take_turn()
        for now in PropertyState.objects.all():
            if now.data == now.told or not pipeline.passes(now.topic):
                continue
            operation = INITIALIZED if now.told is None else CHANGED
            Event.objects.create(
                at=clock.now(),
                topic=now.topic,
                operation=operation,
                source=now.source,
                key=now.key,
                data=now.data,
            )
            now.told = now.data
            now.save(update_fields=["told"])
            told += 1
        if told:
            transaction.on_commit(lambda: home.ring("journal"))
    return told


def take_turn() -> None:
    """Inside a transaction: wait until no other process of this device writes the journal."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])


def _is_known(row: Event) -> bool:
    same = PropertyState.objects.filter(topic=row.topic, identity=_identity(row))
    return any(now.data == now.told == row.data for now in same)


def _tell_property(row: Event, *, deleted: bool, withdraw: bool) -> bool:
    """Bring the property's state up to row, and append row if somebody is to know."""
    identity = _identity(row)
    known = PropertyState.objects.filter(topic=row.topic, identity=identity).first()
    if deleted:
        if known is None:
            return False
        known.delete()
        if known.told is None:
            return False
        row.operation = DELETED
        row.save(force_insert=True)
        return True
    state = known or PropertyState(
        topic=row.topic, identity=identity, source=row.source, key=row.key
    )
    passes, data = pipeline.passes(row.topic), row.data
    if withdraw and not passes:
        row.data = {name: OFF.get(value, value) for name, value in data.items()}
    told = state.told != row.data and (passes or _ends(state.told, row.data))
    if not told and known is not None and known.data == data:
        return False
    if told:
        row.operation = INITIALIZED if state.told is None else CHANGED
        row.save(force_insert=True)
        state.told = row.data
    else:  # nobody outside is told, and yet the recorder is to look
        transaction.on_commit(lambda: home.ring("journal"))
    state.data, state.at = data, row.at
    state.save()
    return told


def _ends(told: dict[str, str] | None, now: dict[str, str]) -> bool:
    """What subscribers were told is on goes off: that passes every switch, or it stays on."""
    return told is not None and _is_on(told) and not _is_on(now)


def _is_on(data: dict[str, str]) -> bool:
    return not OFF.keys().isdisjoint(data.values())


def _ordered(declared: Mapping[str, str], given: Items | None, topic: str) -> dict[str, str]:
    given = given or {}
    unknown = [name for name in given if name not in declared]
    if unknown:
        raise DeviceError(Kind.INTERNAL, f"{topic} declares no item {', '.join(unknown)}.")
    return {name: as_text(given[name]) for name in declared if name in given}


def _identity(row: Event) -> str:
    text = json.dumps([row.source, row.key], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
