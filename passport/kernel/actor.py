"""Who acts. Passed as `by` to every action and query; nothing is ambient."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from passport.kernel.permissions import BUNDLES, Permission, RoleName


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, at one site or (None) in the whole country."""

    role: RoleName
    site: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the roles they hold, or the machine itself.

    `person` is None for the machine: a command typed at its keyboard, or its own worker. Whoever
    can do that already holds the node's key, so it may do everything that the node's role allows.
    """

    person: UUID | None
    grants: frozenset[Grant] = frozenset()
    language: str = "en"

    @classmethod
    def machine(cls) -> Actor:
        """Return the node acting for itself."""
        return cls(person=None)

    @property
    def is_machine(self) -> bool:
        return self.person is None

    def may(self, permission: Permission, *, site: UUID | None = None) -> bool:
        """Tell whether a role of this actor allows this, at this site where one is named."""
        if self.is_machine:
            return True
        return any(
            permission in BUNDLES[grant.role] and grant.site in (None, site)
            for grant in self.grants
        )

    def may_somewhere(self, permission: Permission) -> bool:
        """Tell whether this is allowed at any site at all."""
        return self.is_machine or any(permission in BUNDLES[grant.role] for grant in self.grants)

    def sites(self, permission: Permission) -> frozenset[UUID] | None:
        """Return the sites at which this is allowed; None means everywhere."""
        if self.may(permission):
            return None
        return frozenset(
            grant.site for grant in self.grants if grant.site and permission in BUNDLES[grant.role]
        )
