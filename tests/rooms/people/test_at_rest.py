"""A copy of the database names nobody (R104): planted values are in no column of any table."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from django.apps import apps

from passport.kernel.actor import Actor
from passport.node.queries import blind_index
from passport.people import actions
from passport.people.models import Person
from passport.people.queries import card_of
from tests.world import World

BY = Actor.machine()
PLANTED = (
    "Zephyrine",
    "Qwertyova",
    "+233244987654",
    "zephy-login",
    "open sesame 77",
    "needle reason",
)


@pytest.fixture
def planted(world: World) -> list[str]:
    """Plant every kind of personal value through every action that takes one."""
    made = actions.register_learner(
        by=BY,
        site=world.mango.id,
        group=world.sunbirds.id,
        given="Zephyrine",
        family="Qwertyova",
        contact="+233244987654",
    )
    actions.set_password(
        by=BY, person=made.person, username="zephy-login", password="open sesame 77"
    )
    actions.change_person(by=BY, person=made.person, family="Qwertyova Qwertyova")
    actions.reveal(by=world.administrator.actor, person=made.person, reason="needle reason x")
    world.amina.sign_in()
    return [*PLANTED, made.card, made.card.replace(" ", ""), card_of(BY, made.person).code]


def columns() -> list[tuple[str, bytes]]:
    return [
        (f"{table.__name__}.{field.name}", as_bytes(row, field))
        for table in apps.get_models()
        for row in table._default_manager.all()
        for field in row._meta.concrete_fields
    ]


def as_bytes(row: Any, field: Any) -> bytes:
    value = getattr(row, field.attname)
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def forms(value: str) -> set[bytes]:
    plain = {value.encode(), value.lower().encode(), value.upper().encode()}
    return plain | {b64encode(form).rstrip(b"=")[:-2] for form in plain}


def test_no_column_of_any_table_holds_a_planted_value(planted: list[str]) -> None:
    held = columns()
    assert len(held) > 200
    for value in planted:
        for form in forms(value):
            assert [name for name, content in held if form in content] == []


def test_the_scan_would_find_a_value_that_leaked(world: World) -> None:
    Person.objects.filter(pk=world.amina.person).update(sex="Zephy")
    assert any(b"Zephy" in content for _, content in columns())


def test_a_blind_value_of_one_node_is_worth_nothing_on_another(
    world: World, settings: Any, tmp_path: Any
) -> None:
    from passport.node.engine.keyring import make_key_file

    here = blind_index("name", "amina")
    settings.KEY_FILE = tmp_path / "other" / "node.key"
    make_key_file(settings.KEY_FILE)
    assert blind_index("name", "amina") != here
    assert blind_index("contact", "amina") != blind_index("name", "amina")
