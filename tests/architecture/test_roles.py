"""No code outside `roles/` compares a role's name: it asks what the role may do."""

import ast

from tests.architecture.house import PASSPORT, at, sources, tree


def _names_a_role(node: ast.expr) -> bool:
    """`role.name`, `request.role.name`, `settings.ROLE.name`, compared with something."""
    if not (isinstance(node, ast.Attribute) and node.attr == "name"):
        return False
    owner = node.value
    called = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return called.lower() == "role"


def test_powers_are_asked_for_and_names_are_not_compared() -> None:
    compared = [
        at(path, node)
        for path in sources()
        if PASSPORT / "roles" not in path.parents
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Compare)
        and any(_names_a_role(side) for side in (node.left, *node.comparators))
    ]

    assert not compared, "Ask for a power (`role.may_publish`), or give the role a new one"
