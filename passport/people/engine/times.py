"""When something was noted, by the clock of whoever noted it."""

from __future__ import annotations

from datetime import datetime

from passport.kernel.clock import moment, stamp_ms
from passport.node.models import Fact


def noted_at(fact: Fact) -> datetime:
    return moment(stamp_ms(fact.hlc))
