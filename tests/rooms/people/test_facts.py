"""What the journal says is what the tables hold: rebuilt = live, in any order of arrival."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from passport.kernel.actor import Actor
from passport.kernel.encoding import canonical
from passport.kernel.ids import new_id
from passport.node.actions import fact_of, learn_person_key, person_keys, set_up
from passport.node.engine import journal
from passport.node.models import Entry, Fact, Identity, Origin, Register, Stream
from passport.people import actions
from passport.people.engine.hidden import open_one
from passport.people.facts import PROJECTORS, TABLES, project, project_again
from passport.people.models import NameWord, Person, SignIn, Site
from passport.people.queries import names_of, person
from tests.world import World, make_learner

BY = Actor.machine()


def snapshot() -> dict[str, set[Any]]:
    """Return every row of every projection table, with what is sealed opened."""
    tables: dict[str, set[Any]] = {}
    for table in TABLES:
        rows = set()
        for row in table._default_manager.all():
            shown = {
                field.attname: getattr(row, field.attname)
                for field in row._meta.concrete_fields
                if field.attname != "sealed" and not (field.primary_key and table is NameWord)
            }
            if isinstance(row, Person):
                shown["sealed"] = open_one(row)
            rows.add(repr(sorted(shown.items())))
        tables[table.__name__] = rows
    return tables


def empty() -> None:
    for table in TABLES:
        table._default_manager.all().delete()


def replay(order: random.Random) -> None:
    rows = list(Entry.objects.filter(kind__in=PROJECTORS).select_related("stream", "origin"))
    order.shuffle(rows)
    for row in rows:
        project(fact_of(row, stream=row.stream, origin=row.origin.wire))


def everything_happens(world: World) -> None:
    amina, bilal = world.amina.person, world.bilal.person
    actions.change_site(by=BY, site=world.mango.id, name="Mango Tree School", ways=["card"])
    actions.change_person(by=BY, person=amina, family="Diallo Sow", contact="+233244123456")
    actions.change_person(by=BY, person=amina, given="Aminata", sex=None)
    actions.reissue_card(by=BY, person=amina)
    actions.set_picture_code(by=BY, person=bilal, code=[1, 2, 3])
    actions.set_password(by=BY, person=bilal, username="bilal", password="1234")
    actions.set_avatar(by=BY, person=bilal, avatar=(world.amina.made.avatar + 1) % 40)
    actions.move_to_group(by=BY, person=bilal, group=world.kites.id)
    actions.leave(by=BY, person=world.chidi.person)
    grant = actions.grant_role(
        by=BY, person=world.facilitator.person, role="facilitator", site=world.baobab.id
    )
    actions.end_role(by=BY, grant=grant.id)
    actions.end_role(by=BY, grant=world.stranger.row.grants.get().id)
    actions.move_to_site(by=BY, person=amina, site=world.baobab.id)
    actions.merge(by=BY, person=bilal, into=amina)
    merger = actions.merge(by=BY, person=world.chidi.person, into=amina)
    actions.part(by=BY, merger=merger.id)


@pytest.mark.parametrize("seed", range(8))
def test_rebuilt_is_live_in_any_order_of_arrival(world: World, seed: int) -> None:
    everything_happens(world)
    live = snapshot()
    empty()
    Register.objects.all().delete()
    replay(random.Random(seed))
    assert snapshot() == live


def test_rebuilding_over_kept_registers_gives_the_same(world: World) -> None:
    everything_happens(world)
    live = snapshot()
    empty()
    replay(random.Random(99))
    assert snapshot() == live


def test_projecting_everything_twice_changes_nothing(world: World) -> None:
    everything_happens(world)
    live = snapshot()
    replay(random.Random(3))
    assert snapshot() == live


def test_every_kind_that_is_noted_has_a_projector(world: World) -> None:
    everything_happens(world)
    assert set(Entry.objects.values_list("kind", flat=True)) == {*PROJECTORS, "custody.given@1"}


def test_without_the_key_a_person_is_unknown_and_with_it_they_are_back(world: World) -> None:
    everything_happens(world)
    live = snapshot()
    amina = world.amina.person
    stream = Stream.of_person(amina)
    (key,) = person_keys(stream)
    Stream.objects.filter(pk=stream.pk).update(sealed_key=None)
    empty()
    Register.objects.all().delete()
    replay(random.Random(5))

    unknown = person(BY, amina)
    assert (unknown.known, unknown.name) == (False, "")
    assert unknown.site == world.baobab.id
    assert amina not in names_of(BY, [amina])

    stream.refresh_from_db()
    assert learn_person_key(stream, key)
    project_again(amina)
    assert snapshot() == live


def test_a_key_that_died_with_a_disk_is_not_asked_for_for_ever(world: World) -> None:
    stream = Stream.of_person(world.amina.person)
    Stream.objects.filter(pk=stream.pk).update(lacks_key=True)
    stream.refresh_from_db()
    (key,) = person_keys(stream)
    assert not learn_person_key(stream, key)
    stream.refresh_from_db()
    assert not stream.lacks_key


def test_of_two_hubs_that_change_one_field_the_later_stamp_wins_everywhere(world: World) -> None:
    amina = world.amina.person
    stream = Stream.of_person(amina)
    latest = Entry.objects.order_by("-hlc").values_list("hlc", flat=True)[0]

    def changed(origin: str, hlc: int, sex: str) -> Fact:
        body = canonical({"fields": ["sex"], "sex": sex})
        return Fact(
            stream=stream,
            origin=origin,
            seq=1,
            hlc=hlc,
            kind="person.changed@1",
            body=body,
            private=None,
        )

    facts = [
        changed("aa.1", latest + 5, "male"),
        changed("bb.1", latest + 9, "other"),
        changed("cc.1", latest + 9, "female"),
    ]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        Register.objects.filter(entity=amina, field="sex").delete()
        for place in order:
            project(facts[place])
        assert Person.objects.get(pk=amina).sex == "female"


def test_two_hubs_register_namesakes_offline_and_never_collide(
    world: World, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = make_learner(world.sunbirds, "Noor", "Aziz")
    monkeypatch.setattr(settings, "KEY_FILE", tmp_path / "second" / "node.key")
    Identity.objects.all().delete()
    Origin.objects.filter(ours=True).update(ours=False)
    journal.forget_origin()
    set_up(by=BY, name="Second hub")
    there = actions.register_learner(
        by=BY, site=world.mango.id, group=world.sunbirds.id, given="Noor", family="Aziz"
    )
    assert there.person != here.person
    assert there.card != here.made.card
    origins = Entry.objects.filter(
        kind="person.registered@1",
        stream__in=[Stream.of_person(here.person), Stream.of_person(there.person)],
    ).values_list("origin", flat=True)
    assert len(set(origins)) == 2
    assert Person.objects.filter(pk__in=[here.person, there.person]).count() == 2


def test_a_change_of_a_site_that_arrives_before_the_site_waits_for_it(world: World) -> None:
    site = new_id()
    stream = Stream.country()

    def fact(kind: str, hlc: int, body: dict[str, Any]) -> Fact:
        return Fact(
            stream=stream,
            origin="aa.1",
            seq=1,
            hlc=hlc,
            kind=kind,
            body=canonical(body),
            private=None,
        )

    project(fact("site.changed@1", 20, {"id": site.hex, "name": "New name"}))
    with pytest.raises(Exception, match="no such site"):
        actions.add_group(by=BY, site=site, name="Early")
    added = {"id": site.hex, "name": "Old name", "code": "OLD", "ways": ["card"]}
    project(fact("site.added@1", 10, added))
    row = Site.objects.get(pk=site)
    assert (row.name, row.code, row.ways) == ("New name", "OLD", ["card"])


def test_rebuilding_ends_nobodys_session(world: World) -> None:
    sign_in = world.amina.sign_in()
    empty()
    replay(random.Random(1))
    assert SignIn.objects.get(pk=sign_in.id).ended is None
    assert isinstance(sign_in.person_id, UUID)
