"""Every rule of a history, how often it is chosen, and what histories are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.simulation.plain.lies import lie
from tests.simulation.plain.world import World

type Rule = Callable[[World, int, int], None]

RULES: dict[Rule, int] = {
    World.register: 6,
    World.learn: 20,
    World.edit: 14,
    World.join: 3,
    World.leave: 2,
    World.come_with_card: 2,
    World.award: 2,
    World.move: 8,
    World.merge: 1,
    World.part: 1,
    World.erase: 2,
    World.publish: 2,
    World.revoke: 1,
    World.export: 1,
    World.send_up: 10,
    World.send_down: 10,
    World.meet: 8,
    World.arrive: 22,
    World.lose: 3,
    World.tamper: 1,
    World.misdeliver: 1,
    World.relay: 2,
    World.back_up: 4,
    World.restore: 2,
    World.clone: 1,
    World.turn_clock: 3,
    World.fill_disk: 1,
    World.tidy: 1,
    World.upgrade: 2,
    World.lapse: 1,
    World.rot: 1,
    lie: 3,
}
"""Every rule, and how often it is chosen."""

type Prelude = tuple[tuple[Rule, int | None], ...]
"""How a history begins: what is done, and for whom (the rule's first number; None: anybody)."""

_FORGETFUL_COUNTRY: Prelude = (
    (World.register, None),
    (World.meet, 0),
    (World.meet, 1),
    (World.meet, 2),
    (World.back_up, 0),
    (World.edit, 0),
    (World.move, None),
    (World.meet, None),
    (World.meet, None),
    (World.edit, None),
    (World.restore, 0),
    (World.move, None),
)
_STRANGE_KEYS: Prelude = (
    (World.register, None),
    (World.meet, 0),
    (World.meet, 1),
    (World.meet, 2),
    (World.back_up, 0),
    (World.revoke, None),
    (World.meet, None),
    (World.meet, None),
    (World.restore, 0),
)
_LATE_NEWS: Prelude = (
    (World.register, 0),
    (World.register, 0),
    (World.meet, 0),
    (World.back_up, 3),
    (World.erase, None),
    (World.edit, 0),
    (World.send_down, 0),
    (World.arrive, 0),
)


_FORGETFUL_HUB: Prelude = (
    (World.register, 0),
    (World.meet, 0),
    (World.back_up, 0),
    (World.back_up, 1),
    (World.erase, None),
    (World.meet, 0),
    (World.restore, 0),
    (World.restore, 1),
)
_KIND_OF_TOMORROW: Prelude = (
    (World.register, 0),
    (World.meet, 0),
    (World.upgrade, 1),
    (World.award, 0),
    (World.meet, 0),
    (World.move, None),
    (World.meet, 1),
    (World.meet, 2),
    (World.upgrade, 0),
)


_TWO_IN_ONE: Prelude = (
    (World.register, 0),
    (World.register, 1),
    (World.meet, 0),
    (World.meet, 1),
    (World.merge, None),
    (World.meet, 0),
    (World.meet, 1),
    (World.part, None),
)

_UNSURE_COUNTRY: Prelude = (
    (World.register, 0),
    (World.meet, 0),
    (World.back_up, 0),
    (World.back_up, 1),
    (World.erase, None),
    (World.meet, 0),
    (World.meet, 1),
    (World.restore, 1),
    (World.restore, 0),
    (World.meet, 0),
    (World.meet, 0),
)
_FORGOTTEN_MERGER: Prelude = (
    (World.back_up, 0),
    (World.register, 0),
    (World.come_with_card, 1),
    (World.meet, 1),
    (World.move, None),
    (World.meet, 2),
    (World.restore, 0),
)
_MUCH_SAID: Prelude = (
    (World.register, 0),
    (World.meet, 0),
    (World.back_up, 0),
    *[(World.edit, 0)] * 6,
    (World.send_down, 0),
    (World.arrive, 0),
    (World.restore, 0),
)


class Theme(NamedTuple):
    """What histories are about: rare things happen together in some of them."""

    factors: dict[Rule, int]
    """How much more often than else a rule is chosen."""
    preludes: tuple[Prelude, ...] = ((),)


_DAILY = (World.register, World.learn, World.edit, World.send_up, World.send_down, World.arrive)


def _about(factors: dict[Rule, int]) -> dict[Rule, int]:
    """Let nothing happen but daily life and what a theme names."""
    return {rule: factors.get(rule, 1 if rule in _DAILY else 0) for rule in RULES}


THEMES = (
    Theme({}),
    Theme(_about({World.move: 3, World.edit: 2, World.meet: 2, World.join: 2, World.lapse: 3})),
    Theme(
        _about({World.back_up: 4, World.restore: 8, World.move: 3, World.edit: 2, World.meet: 1}),
        (_FORGETFUL_COUNTRY, _MUCH_SAID),
    ),
    Theme(
        _about({World.erase: 8, World.back_up: 5, World.restore: 9, World.meet: 2, World.clone: 2}),
        (_LATE_NEWS, _FORGETFUL_HUB, _UNSURE_COUNTRY),
    ),
    Theme(
        _about(
            {
                lie: 8,
                World.edit: 2,
                World.upgrade: 3,
                World.meet: 2,
                World.publish: 4,
                World.move: 1,
            }
        )
    ),
    Theme(
        {World.come_with_card: 4, World.merge: 4, World.part: 4, World.move: 2, World.erase: 2},
        (_TWO_IN_ONE, _FORGOTTEN_MERGER),
    ),
    Theme({World.revoke: 5, World.clone: 4, World.relay: 4, World.lapse: 2}, (_STRANGE_KEYS,)),
    Theme(
        _about(
            {
                World.rot: 8,
                World.tidy: 9,
                World.award: 5,
                World.upgrade: 4,
                World.fill_disk: 4,
                World.publish: 3,
                World.move: 3,
                World.meet: 1,
            }
        ),
        (_KIND_OF_TOMORROW,),
    ),
)
