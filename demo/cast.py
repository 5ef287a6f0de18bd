"""Puts the invented people of `cast.toml` on a node: run with PASSPORT_HOME set, once for each node.

python -m demo.cast country|hub PASSWORDS_FILE
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID

import django

HERE = Path(__file__).parent
LIBRARY = HERE / "library"
LANGUAGE = "en"


def main() -> None:
    """Register what belongs on this kind of node; what is there already stays as it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passport.settings")
    django.setup()
    where, passwords = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())
    cast = tomllib.loads((HERE / "cast.toml").read_text())
    if where == "country":
        add_sites(cast)
        add_staff(cast, passwords)
    add_learners(cast, on_hub=where == "hub")
    print(json.dumps(cards()))


def add_sites(cast: dict[str, Any]) -> None:
    from passport.kernel.actor import Actor
    from passport.people import actions

    by = Actor.machine()
    for site in cast["site"]:
        made = actions.add_site(
            by=by,
            name=site["name"][LANGUAGE],
            code=site["slug"],
            ways=["picture", "card", "password"],
            shows_names=True,
        )
        for group in cast["group"]:
            if group["site"] == site["slug"]:
                actions.add_group(by=by, site=made.id, name=group["name"][LANGUAGE])


def add_staff(cast: dict[str, Any], passwords: dict[str, str]) -> None:
    from passport.kernel.actor import Actor
    from passport.people import actions

    for one in cast["staff"]:
        actions.add_staff(
            by=Actor.machine(),
            given=one["given"],
            family=one["family"],
            username=one["username"],
            password=passwords[one["username"]],
            role=one["role"],
            site=site_of(one["site"]) if "site" in one else None,
            sex=one.get("sex"),
        )


def add_learners(cast: dict[str, Any], *, on_hub: bool) -> None:
    """Register the learners of the sites that this node serves, and give their classes courses."""
    from passport.kernel.actor import Actor
    from passport.learning import actions as learning
    from passport.people import actions

    by = Actor.machine()
    served = {site["slug"] for site in cast["site"] if ("hub" in site) == on_hub}
    for group in cast["group"]:
        if group["site"] not in served:
            continue
        site = site_of(group["site"])
        place = group_of(site, group["name"][LANGUAGE])
        for one in cast["learner"]:
            if one["group"] != group["slug"]:
                continue
            made = actions.register_learner(
                by=by,
                site=site,
                group=place,
                given=one["given"],
                family=one["family"],
                sex=one.get("sex"),
            )
            actions.set_avatar(by=by, person=made.person, avatar=one["avatar"] - 1)
            actions.set_picture_code(
                by=by, person=made.person, code=[picture - 1 for picture in one["code"]]
            )
        for slug in group["courses"]:
            if (LIBRARY / slug / "course.toml").exists():
                learning.assign(by=by, course=course_of(slug), group=place)


def site_of(code: str) -> UUID:
    from passport.kernel.actor import Actor
    from passport.people import queries

    rows = queries.sites_page(Actor.machine(), search=code).rows
    return next(row.id for row in rows if row.code.casefold() == code.casefold())


def group_of(site: UUID, name: str) -> UUID:
    from passport.kernel.actor import Actor
    from passport.people import queries

    groups = queries.groups_of(Actor.machine())
    return next(group.id for group in groups if (group.site, group.name) == (site, name))


def course_of(slug: str) -> UUID:
    return UUID(tomllib.loads((LIBRARY / slug / "course.toml").read_text())["id"])


def cards() -> list[dict[str, Any]]:
    from passport.kernel.actor import Actor
    from passport.people import queries
    from passport.web.kit.pictures import CODE_KEYS

    by = Actor.machine()
    faces = [face for group in queries.groups_of(by) for face in queries.cards_of(by, group.id)]
    return [
        {
            "name": f"{face.given} {face.family}",
            "code": face.code,
            "pictures": ", ".join(CODE_KEYS[picture] for picture in face.picture_code),
        }
        for face in faces
    ]


if __name__ == "__main__":
    main()
