"""Who may do what, on one page (R007). A role is a named bundle; nothing is allowed that isn't listed."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One thing that somebody may do."""

    LEARN = "learn"
    SEE_CLASS = "see class"
    MANAGE_LEARNERS = "manage learners"
    ASSIGN_COURSES = "assign courses"
    CARRY_PARCELS = "carry parcels"
    SEE_STAFF_COURSES = "see staff courses"
    SEE_FIGURES = "see figures"
    LIST_PEOPLE = "list people"
    LIST_HUBS = "list hubs"
    TAKE_PARCELS = "take parcels"
    REVEAL_NAMES = "reveal names"
    PUBLISH_COURSES = "publish courses"
    MANAGE_SITES = "manage sites"
    MANAGE_STAFF = "manage staff"
    MOVE_LEARNERS = "move learners"
    ERASE_PEOPLE = "erase people"
    MANAGE_HUBS = "manage hubs"


class RoleName(StrEnum):
    """The roles that a country gives to people. `facilitator` is always for one site."""

    LEARNER = "learner"
    FACILITATOR = "facilitator"
    OFFICE = "office"
    ADMINISTRATOR = "administrator"


P = Permission

BUNDLES: dict[RoleName, frozenset[Permission]] = {
    # Learns. Sees its own record and nobody else's.
    RoleName.LEARNER: frozenset({P.LEARN}),
    # Runs the classes of one site.
    RoleName.FACILITATOR: frozenset(
        {
            P.LEARN,
            P.SEE_CLASS,
            P.MANAGE_LEARNERS,
            P.ASSIGN_COURSES,
            P.CARRY_PARCELS,
            P.SEE_STAFF_COURSES,
        }
    ),
    # Reads the country's figures and takes what couriers bring; names stay masked.
    RoleName.OFFICE: frozenset(
        {P.SEE_FIGURES, P.LIST_PEOPLE, P.LIST_HUBS, P.TAKE_PARCELS, P.SEE_STAFF_COURSES}
    ),
    # Sets the country up; may open a name, with a reason that is written down.
    RoleName.ADMINISTRATOR: frozenset(
        {
            P.SEE_FIGURES,
            P.LIST_PEOPLE,
            P.LIST_HUBS,
            P.TAKE_PARCELS,
            P.SEE_STAFF_COURSES,
            P.REVEAL_NAMES,
            P.PUBLISH_COURSES,
            P.MANAGE_SITES,
            P.MANAGE_STAFF,
            P.MOVE_LEARNERS,
            P.ERASE_PEOPLE,
            P.MANAGE_HUBS,
        }
    ),
}
