"""The two lists that never lag: what is personal, and what travels."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps

from passport.privacy.inventory import INVENTORY, Personal
from passport.sync.manifest import KINDS, PROJECTIONS, PROJECTORS

ROOT = Path(__file__).resolve().parents[2]


def test_every_column_of_every_table_is_accounted_for() -> None:
    stored = {
        model._meta.label: {field.name for field in model._meta.concrete_fields}
        for model in apps.get_models()
    }
    listed = {table: set(columns) for table, columns in INVENTORY.items()}
    assert listed == stored


def test_every_personal_column_says_why_it_is_held() -> None:
    for table, columns in INVENTORY.items():
        for name, held in columns.items():
            if isinstance(held, Personal):
                assert len(held.why) > 10, f"{table}.{name}"
                assert held.kept, f"{table}.{name}"


def test_what_can_name_a_person_is_kept_sealed_and_nowhere_else() -> None:
    naming = re.compile(
        r"given|family|first_name|last_name|email|phone|contact$|username$|password"
    )
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            assert not naming.search(field.name), f"{model._meta.label}.{field.name}"


def test_every_kind_that_travels_has_a_projector_and_the_other_way_round() -> None:
    plentiful = {kind.name for kind in KINDS if kind.journal.__name__ != "Entry"}
    assert set(PROJECTORS) == {kind.name for kind in KINDS} - plentiful


def test_every_projection_is_a_table_that_a_rebuild_makes_again() -> None:
    assert len(set(PROJECTIONS)) == len(PROJECTIONS)
    local = {"SignIn", "Held", "Opening", "EnrolmentCode", "Arrival", "Month", "Counted", "Frozen"}
    journal = {"Event"}
    for model in apps.get_models():
        room = model._meta.app_label
        if room != "node" and model.__name__ not in local | journal:
            assert model in PROJECTIONS, model._meta.label


def test_the_protocol_lists_every_kind() -> None:
    page = (ROOT / "docs" / "protocol.md").read_text()
    table = page.split("<!-- kinds")[1].split("<!-- /kinds")[0]
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    expected = [
        (
            kind.name,
            ", ".join(sorted(stream.value for stream in kind.streams)),
            kind.author.name.lower(),
            kind.merge.name.lower(),
        )
        for kind in KINDS
    ]
    assert [tuple(cell.strip() for cell in row) for row in rows] == expected
