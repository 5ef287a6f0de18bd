"""Writes of this room."""

from passport.learning.actions.assigning import assign, enrol_newcomer, unassign
from passport.learning.actions.recording import Receipt, Taken, read_events, record
from passport.learning.actions.settling import settle
from passport.learning.actions.uniting import merge, merge_by_card, part, unite

__all__ = [
    "Receipt",
    "Taken",
    "assign",
    "enrol_newcomer",
    "merge",
    "merge_by_card",
    "part",
    "read_events",
    "record",
    "settle",
    "unassign",
    "unite",
]
