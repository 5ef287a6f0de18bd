"""What a node may do. The values are in `passport.roles`; everything below asks a power, never a name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """The powers of a node."""

    name: str
    may_publish: bool = False
    """Publishes courses, adds sites, gives roles: speaks for the country."""
    may_admit_hubs: bool = False
    """Makes enrolment files and admits the hubs that come back with one."""
    reports_to_country: bool = False
    """Sends its journal to a country and takes content from it."""
    serves_learners: bool = False
    """Has the learner's and the facilitator's pages."""
    has_office: bool = False
    """Has the office's pages."""
