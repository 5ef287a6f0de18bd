"""What learners did before a journey begins, taken by the node's own actions, in its own process."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from passport.kernel.clock import Clock

SPENT_MS = 40_000
"""What each page, each answer and each recording took."""
LIBRARY = Path(__file__).resolve().parents[2] / "demo" / "library"


def learn(
    person: UUID, slug: str, *, only: str = "", lessons: int = 99, wrongly: bool = False
) -> None:
    """Let somebody do the first lessons of a course, or those of one kind, all right or all wrong."""
    from passport.kernel.actor import Actor
    from passport.kernel.clock import now_ms
    from passport.kernel.ids import new_id
    from passport.learning.actions import read_events, record
    from passport.library.queries import course_page

    written = tomllib.loads((LIBRARY / slug / "course.toml").read_text())
    by = Actor(person=person)
    course = course_page(by=by, course_id=UUID(written["id"]), language="en")
    for told, lesson in list(zip(written["lesson"], course.lessons, strict=True))[:lessons]:
        if only and lesson.kind != only:
            continue
        match lesson.kind:
            case "quiz":
                attempt = new_id().hex
                given = [
                    (
                        "answered",
                        {"attempt": attempt, "question": key, "response": said, "ms": 4000},
                    )
                    for key, said in _answers(slug, told["source"], wrongly=wrongly)
                ]
                done = [*given, ("submitted", {"attempt": attempt})]
            case "video" | "audio":
                done = [("watched", {"start": 0, "end": lesson.seconds})]
            case _:
                pages = lesson.pages
                done = [("viewed", {"page": at, "of": pages}) for at in range(1, pages + 1)]
        events = [
            {
                "id": new_id().hex,
                "verb": verb,
                "version": course.card.version.hex,
                "lesson": lesson.id.hex,
                "at": now_ms(),
                "spent": SPENT_MS,
                "data": data,
            }
            for verb, data in done
        ]
        taken = read_events(json.dumps({"events": events}).encode())
        receipts = [*taken.refused, *record(by=by, events=taken.events)]
        refused = [one for one in receipts if one.outcome == "refused"]
        assert not refused, refused


def right_answers(slug: str, lesson: str) -> list[tuple[str, Any]]:
    """Return the right answer to each question of a quiz, as a device would send it."""
    return _answers(slug, f"{lesson}.quiz.toml", wrongly=False)


def _answers(slug: str, source: str, *, wrongly: bool) -> list[tuple[str, Any]]:
    asked = tomllib.loads((LIBRARY / slug / source).read_text())["question"]
    return [(one["id"], _answer(one, wrongly=wrongly)) for one in asked]


def _answer(asked: dict[str, Any], *, wrongly: bool) -> Any:
    match asked["kind"]:
        case "one" | "several":
            fits = [
                each["id"] for each in asked["options"] if each.get("correct", False) is not wrongly
            ]
            return fits[0] if asked["kind"] == "one" else fits
        case "order":
            order = [each["id"] for each in asked["items"]]
            return order[::-1] if wrongly else order
        case "match":
            sides = [each["id"] for each in asked["pairs"]]
            return dict(zip(sides, sides[1:] + sides[:1] if wrongly else sides, strict=True))
        case "gaps":
            gaps = re.findall(r"\[(.+?)\]", asked["gaps"]["en"])
            return ["?" if wrongly else gap.split("|")[0] for gap in gaps]
        case "number":
            return "99" if wrongly else asked["answer"]
        case _:
            return "?" if wrongly else asked["answers"]["en"][0]


# A past for pictures: invented, and always the same


@contextmanager
def days_ago(days: float) -> Iterator[None]:
    """Let this process believe that it is earlier; the node's clock goes on from there."""
    back = int(days * 86_400_000_000_000)
    with patch("passport.kernel.clock.machine", Clock(wall=lambda: time.time_ns() - back)):
        yield


def a_year(folders: Sequence[Path]) -> None:
    """Publish the courses one after another, and let a country grow around them."""
    from demo import cast as demo
    from passport.kernel.actor import Actor
    from passport.library.actions import publish
    from passport.people import actions

    by = Actor.machine()
    told = tomllib.loads((LIBRARY.parent / "cast.toml").read_text())
    sexes = ("female", "male", "female", "male", "female", "other", None)
    with days_ago(340):
        demo.add_sites(told)
        for folder in folders[:3]:
            publish(by=by, folder=folder)
        site = demo.site_of("river-centre")
        # not the classes of the demo, whose pictures are spoken for
        groups = [actions.add_group(by=by, site=site, name=name).id for name in ("Noon", "Evening")]
    number = 0
    for month in range(11, 0, -1):
        with days_ago(month * 30):
            if month <= 8 and (more := folders[3 + 8 - month : 4 + 8 - month]):
                publish(by=by, folder=more[0])
            for _ in range(3 + (7 * month) % 5 + (11 - month) // 2):
                number += 1
                made = actions.register_learner(
                    by=by,
                    site=site,
                    group=groups[number % 2],
                    given=f"Learner {number}",
                    sex=sexes[number % 7],
                )
                if number % 3:
                    learn(made.person, folders[number % 3].name, lessons=99 if number % 2 else 3)


def a_busy_week() -> None:
    """Let the class at the hub be in the middle of things."""
    from passport.kernel.actor import Actor
    from passport.people import queries

    by = Actor.machine()
    group = queries.groups_of(by)[0].id
    people = {face.given: face.person for face in queries.cards_of(by, group)}
    with days_ago(2):
        learn(people["Amina"], "letters")
        learn(people["Amina"], "counting", lessons=4)
        learn(people["Yusuf"], "counting", lessons=2)
        learn(people["ليلى"], "counting")
        learn(people["Mateo"], "safe-online", lessons=3)
        learn(people["Fatou"], "kite", lessons=2)
    for _ in range(2):
        learn(people["عمر"], "counting", only="quiz", wrongly=True)
