"""Every role against every action and query of this room (R007, R008, C42): deny by default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from passport.kernel.actor import Actor
from passport.kernel.errors import NotAllowed, NotFound, PassportError
from passport.people import actions, queries
from passport.people.errors import Taken
from passport.roles import HUB
from tests.world import PASSWORD, World

type Call = Callable[[World, Actor], Any]


def amina(world: World) -> Any:
    return world.amina.person


def class_of(world: World) -> dict[str, Any]:
    return {"site": world.mango.id, "group": world.sunbirds.id}


def merger_of(world: World) -> Any:
    return actions.merge(by=Actor.machine(), person=world.bilal.person, into=amina(world)).id


STAFF: dict[str, Any] = {"given": "New", "password": PASSWORD, "role": "office"}

# Each line: what is done, and who may do it. Whoever isn't named is refused.
# learner: Amina, asked about herself and her class. facilitator: of her site. stranger: of another.
MATRIX: dict[str, tuple[Call, set[str]]] = {
    "add_site": (lambda _, by: actions.add_site(by=by, name="New"), {"administrator"}),
    "change_site": (
        lambda w, by: actions.change_site(by=by, site=w.mango.id, name="New"),
        {"administrator"},
    ),
    "add_staff": (
        lambda _, by: actions.add_staff(by=by, username="new", **STAFF),
        {"administrator"},
    ),
    "grant_role": (
        lambda w, by: actions.grant_role(by=by, person=w.office.person, role="administrator"),
        {"administrator"},
    ),
    "end_role": (
        lambda w, by: actions.end_role(by=by, grant=w.office.row.grants.get().id),
        {"administrator"},
    ),
    "drop_stale_locks": (lambda _, by: actions.drop_stale_locks(by=by), set()),
    "add_group": (
        lambda w, by: actions.add_group(by=by, site=w.mango.id, name="New"),
        {"facilitator", "administrator"},
    ),
    "register_learner": (
        lambda w, by: actions.register_learner(by=by, given="New", **class_of(w)),
        {"facilitator"},
    ),
    "register_learners": (
        lambda w, by: actions.register_learners(by=by, text="N N", dry_run=True, **class_of(w)),
        {"facilitator"},
    ),
    "change_person": (
        lambda w, by: actions.change_person(by=by, person=amina(w), given="New"),
        {"facilitator"},
    ),
    "reissue_card": (
        lambda w, by: actions.reissue_card(by=by, person=amina(w)),
        {"facilitator"},
    ),
    "move_to_site": (
        lambda w, by: actions.move_to_site(by=by, person=amina(w), site=w.baobab.id),
        {"administrator"},
    ),
    "merge": (
        lambda w, by: actions.merge(by=by, person=w.bilal.person, into=amina(w)),
        {"administrator"},
    ),
    "part": (
        lambda w, by: actions.part(by=by, merger=merger_of(w)),
        {"administrator"},
    ),
    "tell_where_they_are": (
        lambda w, by: actions.tell_where_they_are(by=by, persons={amina(w)}, sites={w.baobab.id}),
        {"administrator"},
    ),
    "say_again": (
        lambda w, by: actions.say_again(by=by, persons={amina(w)}),
        {"administrator"},
    ),
    "set_picture_code": (
        lambda w, by: actions.set_picture_code(by=by, person=amina(w)),
        {"facilitator"},
    ),
    "set_avatar": (
        lambda w, by: actions.set_avatar(by=by, person=amina(w), avatar=w.amina.made.avatar),
        {"facilitator"},
    ),
    "set_password of a learner": (
        lambda w, by: actions.set_password(
            by=by, person=amina(w), username="amina", password="1234"
        ),
        {"facilitator"},
    ),
    "set_password of a colleague": (
        lambda w, by: actions.set_password(
            by=by, person=w.facilitator.person, password="another secret"
        ),
        {"administrator"},
    ),
    "change a colleague": (
        lambda w, by: actions.change_person(by=by, person=w.facilitator.person, contact=""),
        {"administrator"},
    ),
    "move_to_group": (
        lambda w, by: actions.move_to_group(by=by, person=amina(w), group=w.sunbirds.id),
        {"facilitator", "administrator"},
    ),
    "move to another site": (
        lambda w, by: actions.move_to_group(by=by, person=amina(w), group=w.kites.id),
        {"administrator"},
    ),
    "leave": (
        lambda w, by: actions.leave(by=by, person=amina(w)),
        {"facilitator", "administrator"},
    ),
    "reveal": (
        lambda w, by: actions.reveal(by=by, person=amina(w), reason="called by the family"),
        {"administrator"},
    ),
    "class_list": (lambda w, by: queries.class_list(by, w.sunbirds.id), {"facilitator"}),
    "group": (lambda w, by: queries.group(by, w.sunbirds.id), {"facilitator"}),
    "members_of": (lambda w, by: queries.members_of(by, w.sunbirds.id), {"facilitator"}),
    "here_now": (lambda w, by: queries.here_now(by, w.sunbirds.id), {"facilitator"}),
    "ready_to_leave": (lambda w, by: queries.ready_to_leave(by, w.sunbirds.id), {"facilitator"}),
    "cards_of": (lambda w, by: queries.cards_of(by, w.sunbirds.id), {"facilitator"}),
    "card_of": (lambda w, by: queries.card_of(by, amina(w)), {"facilitator"}),
    "person": (
        lambda w, by: queries.person(by, amina(w)),
        {"learner", "facilitator", "office", "administrator"},
    ),
    "groups_of_person": (
        lambda w, by: queries.groups_of_person(by, amina(w)),
        {"learner", "facilitator", "office", "administrator"},
    ),
    "person of the office": (
        lambda w, by: queries.person(by, w.office.person),
        {"office", "administrator"},
    ),
    "people_page": (lambda _, by: queries.people_page(by), {"office", "administrator"}),
    "sites_page": (lambda _, by: queries.sites_page(by), {"office", "administrator"}),
    "alike_page": (lambda _, by: queries.alike_page(by), {"administrator"}),
    "mergers_of": (lambda w, by: queries.mergers_of(by, amina(w)), {"office", "administrator"}),
    "merger": (lambda w, by: queries.merger(by, merger_of(w)), {"administrator"}),
    "staff_list": (lambda _, by: queries.staff_list(by), {"administrator"}),
    "openings_of": (lambda w, by: queries.openings_of(by, amina(w)), {"administrator"}),
}
ROLES = ("learner", "facilitator", "stranger", "office", "administrator")


def actor(world: World, role: str) -> Actor:
    return world.amina.actor if role == "learner" else getattr(world, role).actor


@pytest.mark.parametrize("done", MATRIX)
@pytest.mark.parametrize("role", ROLES)
def test_only_who_is_named_may(world: World, role: str, done: str) -> None:
    call, allowed = MATRIX[done]
    by = actor(world, role)
    if role in allowed:
        call(world, by)
    else:
        with pytest.raises((NotAllowed, NotFound)):
            call(world, by)


@pytest.mark.parametrize("done", MATRIX)
def test_the_machine_itself_may_do_everything(world: World, done: str) -> None:
    MATRIX[done][0](world, Actor.machine())


def test_every_action_that_names_an_actor_is_in_the_matrix() -> None:
    exempt = {"change_own_password"}
    takes_by = {
        name
        for name in actions.__all__
        if callable(getattr(actions, name)) and "by" in _parameters(getattr(actions, name))
    }
    done = " ".join(MATRIX)
    assert {name for name in takes_by - exempt if name not in done} == set()


def _parameters(call: Any) -> set[str]:
    import inspect

    return set(inspect.signature(call).parameters)


def test_a_stranger_is_told_that_there_is_no_such_person(world: World) -> None:
    by = world.stranger.actor
    for call in (
        lambda: queries.person(by, world.amina.person),
        lambda: queries.class_list(by, world.sunbirds.id),
        lambda: actions.reissue_card(by=by, person=world.amina.person),
        lambda: queries.card_of(by, world.amina.person),
    ):
        with pytest.raises(NotFound):
            call()
    assert queries.names_of(by, [world.amina.person]) == {}
    assert [group.name for group in queries.groups_of(by)] == ["Kites"]
    assert queries.groups_of(world.office.actor) == []


def test_a_learner_knows_of_nobody_else(world: World) -> None:
    by = world.amina.actor
    assert queries.person(by, world.amina.person).name == "Amina Diallo"
    with pytest.raises(NotFound):
        queries.person(by, world.bilal.person)


def test_a_hub_adds_no_sites_and_gives_no_roles_but_registers_learners(
    world: World, settings: Any
) -> None:
    settings.ROLE = HUB
    machine, by = Actor.machine(), world.facilitator.actor
    for call in (
        lambda: actions.add_site(by=machine, name="New"),
        lambda: actions.change_site(by=machine, site=world.mango.id, name="New"),
        lambda: actions.add_staff(by=machine, username="new", **STAFF),
        lambda: actions.grant_role(by=machine, person=world.amina.person, role="office"),
        lambda: actions.end_role(by=machine, grant=world.office.row.grants.get().id),
    ):
        with pytest.raises(NotAllowed, match="country office"):
            call()
    actions.add_group(by=by, site=world.mango.id, name="Made on the hub")
    actions.register_learner(by=by, given="Made on the hub", **class_of(world))


@pytest.mark.parametrize(
    ("role", "where"),
    [("learner", "a site"), ("king", ""), ("facilitator", ""), ("office", "a site")],
)
def test_a_role_that_makes_no_sense_is_refused(world: World, role: str, where: str) -> None:
    site = world.mango.id if where else None
    with pytest.raises(PassportError):
        actions.grant_role(by=Actor.machine(), person=world.amina.person, role=role, site=site)


def test_a_user_name_is_one_persons(world: World) -> None:
    with pytest.raises(Taken):
        actions.add_staff(by=Actor.machine(), username="FATOU", **STAFF)
    for bad in ("", "two words", "a@b.org", "+233244"):
        with pytest.raises(PassportError):
            actions.add_staff(by=Actor.machine(), username=bad, **STAFF)
    with pytest.raises(PassportError, match="at least 8"):
        actions.add_staff(by=Actor.machine(), username="new", **{**STAFF, "password": "1234567"})
