"""What a node's projections hold, in a form in which two of them can be compared."""

from __future__ import annotations

from collections import Counter
from typing import Any

from passport.sync.manifest import PROJECTIONS

LOCAL = {"Blob": {"state", "looked_at"}, "Version": {"ready"}, "Person": {"sealed"}}
"""What differs between nodes by design: which files are here, and how a sealed value was sealed."""
BLIND = ("_blind",)
"""Blind indexes hold on one node only."""
SEARCH = {"SearchTerm", "SearchDeletion", "SearchEntry", "SearchPosting"}
OWN = {"NameWord", "Hub", "Course", "Lesson"} | SEARCH
"""Tables that two nodes need not agree on."""


def picture(*, shared: bool) -> dict[str, Counter[str]]:
    """Take down every projection of this node; `shared`: only what two nodes must agree on."""
    return {table.__name__: _rows(table, shared=shared) for table in PROJECTIONS}


def _rows(table: Any, *, shared: bool) -> Counter[str]:
    if shared and table.__name__ in OWN:
        return Counter()
    hidden = LOCAL.get(table.__name__, set())
    names = [
        field.attname
        for field in table._meta.concrete_fields
        if field.get_internal_type() not in {"AutoField", "BigAutoField"}
        and field.attname not in hidden
        and not (table.__name__ in SEARCH and field.is_relation)
        and not (shared and field.attname.endswith(BLIND))
    ]
    return Counter(
        repr([bytes(v) if isinstance(v, memoryview) else v for v in row])
        for row in table._default_manager.values_list(*names)
    )
