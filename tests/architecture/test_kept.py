"""Every table is in a backup or can be made again: none can be forgotten."""

from __future__ import annotations

from django.apps import apps

from passport.care.engine.tables import APART, KEPT, MADE_AGAIN
from passport.sync.manifest import JOURNALS, PROJECTIONS


def test_every_table_is_kept_or_made_again_and_none_is_both() -> None:
    listed = [*KEPT, *MADE_AGAIN, *JOURNALS, *PROJECTIONS]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(apps.get_models()), (
        "A table that the journal can't make again belongs into KEPT (passport/care/engine/tables.py)"
    )


def test_what_is_kept_apart_are_columns_that_there_are() -> None:
    for table, columns in APART.items():
        assert table in KEPT
        assert columns <= {field.attname for field in table._meta.concrete_fields}


def test_no_kept_table_comes_before_one_that_it_refers_to() -> None:
    for place, table in enumerate(KEPT):
        for field in table._meta.concrete_fields:
            if field.is_relation and getattr(field, "db_constraint", False):
                assert field.related_model in KEPT[:place]
