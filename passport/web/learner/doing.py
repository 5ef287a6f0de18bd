"""What was done on a page without scripts, noted as if a device had sent it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.clock import now_ms
from passport.kernel.ids import new_id
from passport.learning.actions import Receipt, read_events, record

type Done = tuple[str, dict[str, Any]]
"""A verb and its data (`records.facts`)."""


def note(by: Actor, version: UUID, lesson: UUID, done: Iterable[Done]) -> list[Receipt]:
    """Record what somebody did in a lesson, now; the receipts are in the same order."""
    events = [
        {
            "id": new_id().hex,
            "verb": verb,
            "version": version.hex,
            "lesson": lesson.hex,
            "at": now_ms(),
            "spent": 0,
            "data": data,
        }
        for verb, data in done
    ]
    taken = read_events(json.dumps({"events": events}).encode())
    return [*record(by=by, events=taken.events), *taken.refused]
