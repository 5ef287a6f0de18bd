"""Writes of this room."""

from passport.learning.actions.assigning import assign, enrol_newcomer, unassign
from passport.learning.actions.recording import Receipt, Taken, read_events, record
from passport.learning.actions.settling import settle

__all__ = [
    "Receipt",
    "Taken",
    "assign",
    "enrol_newcomer",
    "read_events",
    "record",
    "settle",
    "unassign",
]
