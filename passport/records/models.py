"""The learning record. This table *is* the journal of the kind `event@1` (DESIGN section 4).

An event is stored once. Whose it is, its stream says; there is no name, no address and no text
about a person in it, ever (R104).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from passport.node.models import JournalRow


class Event(JournalRow):
    """One thing that a learner did. `body` holds it as the very bytes that were hashed."""

    id = models.UUIDField(primary_key=True)
    """Made on the device when it happened: as the storage key it makes a retry harmless (C10)."""
    lesson = models.UUIDField()
    """Which lesson. Held to read one lesson's answers without opening every body."""
    verb = models.CharField(max_length=16)
    """What was done (`facts.Verb`). Held for the same reason."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "origin", "seq"], name="records_event_once"),
        ]
