"""Run in a node's folder, which it makes or looks into: what a node of the journeys holds.

    python -m tests.journeys.making country FOLDER PAST | hub NAME FOLDER PAST | take FOLDER
                                    | cast | answers PERSON

FOLDER is where the nodes lie side by side, and where the enrolment files and the first parcels are.
PAST is "short" for journeys, which want little and soon; "long" for pictures of a place that lives.
Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from demo import cast as demo
from tests.journeys.past import a_busy_week, a_year, learn

ROOT = Path(__file__).resolve().parents[2]
COURSES = ("counting", "safe-online", "water")
"""Of the demo's library: with these every kind of lesson and of question is there."""
SITES = {"mango": "mango-school", "river": "river-centre"}
"""The site that each hub serves."""
CUT_OFF = {"river"}
"""Hubs without a network: only couriers come here."""
DONE = "Wanjiru"
"""A learner at the hub Mango who has done the course about water before the journeys begin."""
NOWHERE = "http://127.0.0.1:9"
PASSWORDS = {
    "admin": "amber-cloud-harbour",
    "office": "copper-garden-maple",
    "grace": "lantern-basket-apple",
    "karim": "island-bridge-candle",
}


def passport(*words: str) -> None:
    """Run a command of the node; a refusal ends this process."""
    from passport.cli.main import run

    if code := run(words):
        sys.exit(code)


def country(beside: Path, past: str) -> None:
    """Make the country with its courses and people, and the enrolment files of the hubs."""
    from passport.kernel.actor import Actor

    library = _library(beside, past)
    folders = sorted(path.parent for path in library.glob("*/course.toml"))
    if past == "long":
        a_year(folders)
    else:
        passport("course", "publish", *map(str, folders))
    told = tomllib.loads((ROOT / "demo" / "cast.toml").read_text())
    if past != "long":
        demo.add_sites(told)
    demo.add_staff(told, PASSWORDS)
    demo.add_learners(told, on_hub=False)

    from django.conf import settings

    from passport.fleet.actions import make_enrolment

    address = settings.ADDRESS
    for hub, site in SITES.items():
        settings.ADDRESS = NOWHERE if hub in CUT_OFF else address
        file = make_enrolment(by=Actor.machine(), name=f"{hub} hub", sites=[demo.site_of(site)])
        (beside / f"{hub}.enrolment").write_bytes(file)


def take(beside: Path) -> None:
    """Take the first parcel of each hub, and answer it."""
    for hub in SITES:
        passport(
            "parcel", "take", str(beside / f"{hub}-up"), "--answer", str(beside / f"{hub}-down")
        )


def hub(name: str, beside: Path, past: str) -> None:
    """Take the country's answer, and register who learns here and nowhere else."""
    passport("parcel", "take", str(beside / f"{name}-down"))
    if name not in CUT_OFF:
        _library(beside, past)
        told = tomllib.loads((ROOT / "demo" / "cast.toml").read_text())
        demo.add_learners(told, on_hub=True)
        if past == "long":
            a_busy_week()
        else:
            add_somebody_who_is_done()


def add_somebody_who_is_done() -> None:
    """Register a learner who has done a whole course, and failed two quizzes of another."""
    from passport.kernel.actor import Actor
    from passport.people import actions, queries

    group = queries.groups_of(Actor.machine())[0]
    made = actions.register_learner(
        by=Actor.machine(), site=group.site, group=group.id, given=DONE, family="Kamau"
    )
    learn(made.person, "water")
    for _ in range(2):
        learn(made.person, "counting", only="quiz", wrongly=True)


def _library(beside: Path, past: str) -> Path:
    """Return the folder with the courses to publish, which the demo's own code then looks into."""
    if past == "long":
        return demo.LIBRARY
    demo.LIBRARY = beside / "library"
    demo.LIBRARY.mkdir(exist_ok=True)
    for slug in COURSES:
        place = demo.LIBRARY / slug
        if not place.exists():
            place.symlink_to(ROOT / "demo" / "library" / slug)
    return demo.LIBRARY


# What is there


def cast() -> dict[str, Any]:
    """Say who and what is on a node: the ways in, and the ids that addresses are made of."""
    from passport.fleet.queries import every_hub
    from passport.kernel.actor import Actor
    from passport.library.queries import course_page
    from passport.people import queries as people
    from passport.web.kit.pictures import CODE_KEYS

    by = Actor.machine()
    groups = people.groups_of(by)
    learners = {
        face.given: {
            "person": str(face.person),
            "group": str(group.id),
            "card": face.code.replace(" ", ""),
            "pictures": [CODE_KEYS[place] for place in face.picture_code or ()],
        }
        for group in groups
        for face in people.cards_of(by, group.id)
    }
    courses = {}
    for slug in COURSES:
        course = course_page(by=by, course_id=_id_of(slug), language="en")
        written = tomllib.loads((ROOT / "demo" / "library" / slug / "course.toml").read_text())
        courses[slug] = {
            "course": str(course.card.id),
            "lessons": {
                told["id"]: str(lesson.id)
                for told, lesson in zip(written["lesson"], course.lessons, strict=True)
            },
        }
    return {
        "learners": learners,
        "groups": {group.name: str(group.id) for group in groups},
        "sites": {str(name): str(site) for site, name in people.site_names().items()},
        "courses": courses,
        "hubs": {hub.name: hub.key for hub in every_hub()},
    }


def _id_of(slug: str) -> Any:
    demo.LIBRARY = ROOT / "demo" / "library"
    return demo.course_of(slug)


def answers(person: str) -> list[dict[str, Any]]:
    """Return the answers of one learner as the node holds them, each row on its own."""
    from uuid import UUID

    from passport.records.facts import decode_event
    from passport.records.models import Event

    rows = Event.objects.filter(stream__key=UUID(person), verb="answered").order_by("id")
    told = [(row, decode_event(bytes(row.body)).data) for row in rows]
    return [
        {
            "id": row.id.hex,
            "lesson": str(row.lesson),
            "question": getattr(data, "question", ""),
            "response": getattr(data, "response", None),
        }
        for row, data in told
    ]


def main(word: str, *given: str) -> Any:
    """Do one of it."""
    home = os.environ["PASSPORT_HOME"]
    if word in {"country", "hub"} and not (Path(home) / "passport.toml").exists():
        raise SystemExit(f"{home} is no node yet.")
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "passport.settings"
    django.setup()
    match word:
        case "country":
            country(Path(given[0]), given[1])
        case "take":
            take(Path(given[0]))
        case "hub":
            hub(given[0], Path(given[1]), given[2])
        case "answers":
            return answers(given[0])
    return cast() if word in {"cast", "hub"} else None


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:]), ensure_ascii=False) + "\n")
