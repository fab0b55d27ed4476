"""Events: the topic tree, the journal of all that happened, and those who follow it.

Facts come up by one road: whoever notices something calls `publish`, which appends one row to
the journal and rings. Every consumer is a cursor into the journal plus a filter.
"""

from nvrdevice.events.publishing import publish

__all__ = ["publish"]
