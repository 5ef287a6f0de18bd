"""Doors own no facts: they ask rooms, and each screen fits in a short file."""

import ast

from tests.architecture.house import DOORS, ROOT, at, sources, tree

LONGEST = 120

MANAGERS = {"objects", "_default_manager", "_base_manager"}


def test_no_file_of_a_door_is_long() -> None:
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in sources(*DOORS)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }

    assert not too_long, f"More than {LONGEST} lines: one screen a file, the rest in rooms"


def test_doors_ask_rooms_and_never_tables() -> None:
    asked = [
        at(path, node)
        for path in sources(*DOORS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS
    ]

    assert not asked, "A question to the database is a query of the room that owns the table"


def test_doors_save_and_delete_nothing_themselves() -> None:
    imported = [
        at(path, node)
        for path in sources(*DOORS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db")
    ]

    assert not imported, "A write is an action of the room that owns the table"
