"""Run in a node's folder: makes the cast and a course there, and says how each learner signs in."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django


def main(folder: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passport.settings")
    django.setup()
    from passport.people.queries import card_of
    from passport.web.kit.pictures import CODE_KEYS
    from tests.doors.learner.shelf import publish
    from tests.world import machine, make_world

    world = make_world()
    at_once = publish(folder / "practice")
    at_the_end = publish(folder / "test", feedback="at the end")
    learners = {"amina": world.amina, "bilal": world.bilal}
    said = {
        "group": str(world.sunbirds.id),
        "course": str(at_once.course),
        "article": str(at_once.article),
        "quiz": str(at_once.quiz),
        "test": str(at_the_end.quiz),
        "learners": {
            name: {
                "person": str(one.person),
                "card": card_of(machine(), one.person).code.replace(" ", ""),
                "pictures": [CODE_KEYS[place] for place in one.made.picture_code],
            }
            for name, one in learners.items()
        },
    }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
