"""What the office's lists cost at 100,000 people, and a class of 40 at the door.

Run: `python -m bench.people [people]`. Prints milliseconds (median and worst of some runs) on SQLite
with `synchronous=FULL`, in a folder of its own that is removed at the end.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uuid import UUID

    from passport.people.actions import Registered

PEOPLE = 100_000
SITES = 2_000
RUNS = 15
LEARNT = "1234"


def main() -> None:
    """Make a country of the size asked for and measure it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with tempfile.TemporaryDirectory(prefix="passport-bench-") as home:
        start(Path(home))
        began = time.perf_counter()
        sites = fill(count)
        print(f"{count} people at {len(sites)} sites, made in {time.perf_counter() - began:.0f} s")
        lists(sites)
        door(sites)


def start(home: Path) -> None:
    (home / "data").mkdir()
    os.environ["PASSPORT_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "passport.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    from passport.kernel.actor import Actor
    from passport.node.actions import set_up

    set_up(by=Actor.machine(), name="Bench")


def fill(count: int) -> list[UUID]:
    """Write the rows that the projectors would leave, without the journal."""
    from django.db import transaction

    from passport.kernel.actor import Actor
    from passport.people.actions import add_group, add_site
    from passport.people.models import Group, Site

    machine, chance = Actor.machine(), random.Random(1)
    ways = ["picture", "card", "password"]
    with transaction.atomic():
        for number in range(min(SITES, max(2, count // 50))):
            site = add_site(by=machine, name=f"School {number}", code=f"S{number}", ways=ways)
            add_group(by=machine, site=site.id, name="Class")
        groups = list(Group.objects.all())
        for first in range(0, count, 5_000):
            people(min(5_000, count - first), groups, chance)
    return list(Site.objects.values_list("id", flat=True))


def people(count: int, groups: list[Any], chance: random.Random) -> None:
    from passport.kernel.clock import moment, now_ms
    from passport.kernel.codes import new_code
    from passport.kernel.ids import new_id
    from passport.kernel.sealing import new_key
    from passport.node.engine.keyring import keyring
    from passport.node.models import Stream, StreamKind
    from passport.node.queries import blind_index
    from passport.people.engine.hidden import Hidden, seal_hidden
    from passport.people.models import Membership, NameWord, Person

    rows, words, streams, memberships = [], [], [], []
    now = moment(now_ms())
    for _ in range(count):
        key, group = new_id(), chance.choice(groups)
        given, family = f"given{chance.randrange(2_000)}", f"family{chance.randrange(5_000)}"
        stream = Stream(
            kind=StreamKind.PERSON, key=key, sealed_key=keyring().seal(new_key(), key.bytes)
        )
        hidden = Hidden(given=given, family=family, picture_code=[1, 2, 3], card=new_code())
        at = now - timedelta(minutes=chance.randrange(1_000_000))
        streams.append(stream)
        rows.append(
            Person(
                id=key,
                registered_at=at,
                registered_site_id=group.site_id,
                site_id=group.site_id,
                sex=chance.choice(["female", "male", "other", None]),
                sealed=seal_hidden(stream, hidden),
                card_blind=blind_index("card", hidden.card),
            )
        )
        words += [
            NameWord(person_id=key, word=blind_index("name", word)) for word in (given, family)
        ]
        memberships.append(
            Membership(
                id=new_id(),
                person_id=key,
                noted_of=key,
                site_id=group.site_id,
                group_id=group.id,
                joined_at=at,
                stamp=f"{len(rows):020d} x",
            )
        )
    Stream.objects.bulk_create(streams)
    Person.objects.bulk_create(rows)
    NameWord.objects.bulk_create(words)
    Membership.objects.bulk_create(memberships)


def lists(sites: list[UUID]) -> None:
    from passport.kernel.actor import Actor
    from passport.people import queries

    by = Actor.machine()
    last = queries.people_page(by).pages
    measure("people, newest, page 1", lambda: queries.people_page(by))
    measure(
        "people, oldest, page in the middle",
        lambda: queries.people_page(by, sort="oldest", page=last // 2),
    )
    measure("people, newest, last page", lambda: queries.people_page(by, page=last))
    measure("people, by site, page 1", lambda: queries.people_page(by, sort="site"))
    measure("people, by site, last page", lambda: queries.people_page(by, sort="site", page=last))
    measure(
        "people, by sex, page in the middle",
        lambda: queries.people_page(by, sort="sex", page=last // 2),
    )
    measure("people, search one common word", lambda: queries.people_page(by, search="given7"))
    measure(
        "people, search given and family", lambda: queries.people_page(by, search="family7 given7")
    )
    measure("people, search nobody", lambda: queries.people_page(by, search="nobody"))
    measure("people of one site", lambda: queries.people_page(by, site=sites[0]))
    measure(
        "people of one site, search",
        lambda: queries.people_page(by, site=sites[0], search="given7"),
    )
    measure("sites, by name", lambda: queries.sites_page(by))
    measure("sites, by people", lambda: queries.sites_page(by, sort="people"))
    measure("sites, search", lambda: queries.sites_page(by, search="1999"))
    measure("counts of everybody registered", queries.registered_counts)
    measure("people of one site, for sync", lambda: queries.people_of_sites(sites[:1]))
    measure("sites at the door", queries.sign_in_sites)


def measure(name: str, call: Callable[[], object], runs: int = RUNS) -> None:
    call()
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        call()
        took.append((time.perf_counter() - began) * 1000)
    print(f"{name:<40} {statistics.median(took):8.1f} ms   worst {max(took):8.1f} ms")


def door(sites: list[UUID]) -> None:
    """Let 40 learners in at once, through the one writer, by each way."""
    from passport.kernel.actor import Actor
    from passport.node.actions import start_writer, stop_writer
    from passport.people import actions, queries
    from passport.people.models import Group

    by = Actor.machine()
    group = Group.objects.filter(site=sites[0]).get()
    text = "\n".join(f"Child{number} Ofclass" for number in range(40))
    began = time.perf_counter()
    report = actions.register_learners(
        by=by, site=sites[0], group=group.id, text=text, dry_run=False
    )
    print(f"{'40 learners from a pasted list':<40} {(time.perf_counter() - began) * 1000:8.1f} ms")
    for learner in report.registered:
        actions.set_password(
            by=by, person=learner.person, username=f"u{learner.given}", password=LEARNT
        )
    measure("cards of a class", lambda: queries.cards_of(by, group.id))
    measure("a class list", lambda: queries.class_list(by, group.id))
    measure("the grid at the door", lambda: queries.sign_in_grid(group.id))
    start_writer()

    def card(one: Registered) -> object:
        return actions.sign_in_with_card(code=one.card)

    def picture(one: Registered) -> object:
        return actions.sign_in_with_picture(person=one.person, code=one.picture_code)

    def password(one: Registered) -> object:
        return actions.sign_in_with_password(name=f"u{one.given}", password="1234")  # noqa: S106 - nobody's

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(card, report.registered))
        for name, way in (("card", card), ("picture", picture), ("password", password)):
            for_all = lambda way=way: list(pool.map(way, report.registered))  # noqa: E731
            measure(f"40 at once, by {name}", for_all, runs=5)
    sign_in = actions.sign_in_with_card(code=report.registered[0].card).id
    measure(
        "who is signed in, 1,000 times", lambda: [queries.actor_of(sign_in) for _ in range(1000)]
    )
    stop_writer()


if __name__ == "__main__":
    main()
