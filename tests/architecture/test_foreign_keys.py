"""What import-linter cannot see: a key between rooms, which may be written as a string."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.fields.related import RelatedField

from tests.architecture.house import OWNERS_OF_TABLES, floors


def _room(model: type[Model]) -> str:
    """The package of `passport` a model belongs to; "" for a model of somebody else's."""
    package, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if package == "passport" else ""


def _keys_between_rooms() -> Iterator[tuple[str, RelatedField[Any, Any], str]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if not isinstance(field, RelatedField):
                continue
            here, there = _room(model), _room(field.remote_field.model)
            if here and there and here != there:
                yield here, field, there


def test_a_lower_room_gains_no_attribute_from_above() -> None:
    named = [
        str(field)
        for _here, field, _there in _keys_between_rooms()
        if not field.remote_field.hidden
    ]

    assert not named, 'A key into another room says related_name="+"'


def test_keys_point_down_the_floors() -> None:
    floor = floors()
    upward = [
        f"{field} -> {there}"
        for here, field, there in _keys_between_rooms()
        if floor[there] <= floor[here]
    ]

    assert not upward


def test_tables_are_owned_by_rooms() -> None:
    ownerless = {
        model.__name__: _room(model)
        for model in apps.get_models()
        if model.__module__.startswith("passport.") and _room(model) not in OWNERS_OF_TABLES
    }

    assert not ownerless
