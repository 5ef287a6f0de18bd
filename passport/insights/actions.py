"""Writes of this room: count again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from passport.insights.engine.counting import Cell, count, count_of
from passport.insights.models import Counted, Frozen, Month
from passport.insights.policies import check_may_see_figures
from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.node import actions as node


def refresh(*, by: Actor) -> bool:
    """Count every figure again from the rooms below; tells whether any number changed.

    Counting reads beside the writer; only the differences are written. Doing it twice, or after
    erasing the roll-up, gives the same.
    """
    check_may_see_figures(by)
    now = moment(now_ms())
    return _keep(count(now), now)


@node.writes
def freeze(*, by: Actor, person: UUID) -> None:
    """Keep what a person has added to the figures, as numbers only: they are about to be erased (R164)."""
    del by
    for cell, value in count_of(person, moment(now_ms())).items():
        frozen, _ = Frozen.objects.get_or_create(**cell._asdict(), defaults={"value": 0})
        frozen.value += value
        frozen.save(update_fields=["value"])


def refresh_when_older(*, by: Actor, than: timedelta) -> bool:
    """Count again unless that was done lately; tells whether it was done now."""
    check_may_see_figures(by)
    counted = Counted.objects.first()
    if counted is not None and moment(now_ms()) - counted.at < than:
        return False
    refresh(by=by)
    return True


@node.writes
def _keep(cells: Counter[Cell], now: datetime) -> bool:
    held = {
        Cell(row.indicator, row.month, row.site, row.sex): row
        for row in Month.objects.select_for_update()
    }
    gone = [row.pk for cell, row in held.items() if cell not in cells]
    changed = [row for cell, row in held.items() if cell in cells and row.value != cells[cell]]
    for row in changed:
        row.value = cells[Cell(row.indicator, row.month, row.site, row.sex)]
    new = [
        Month(**cell._asdict(), value=value) for cell, value in cells.items() if cell not in held
    ]
    for start in range(0, len(gone), 500):
        Month.objects.filter(pk__in=gone[start : start + 500]).delete()
    Month.objects.bulk_update(changed, ["value"], batch_size=200)
    Month.objects.bulk_create(new, batch_size=500)
    Counted.objects.update_or_create(pk=1, defaults={"at": now})
    return bool(gone or changed or new)
