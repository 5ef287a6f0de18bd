"""Every kind of node, as values: which powers it has. Its doors and jobs are in the module of its name."""

from __future__ import annotations

from passport.kernel.role import Role

COUNTRY = Role(
    name="country",
    may_publish=True,
    may_admit_hubs=True,
    serves_learners=True,
    has_office=True,
)
HUB = Role(name="hub", reports_to_country=True, serves_learners=True)

ROLES = {role.name: role for role in (COUNTRY, HUB)}
