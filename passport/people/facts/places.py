"""How facts about sites, classes and roles become rows."""

from __future__ import annotations

from typing import Final

from passport.node.actions import project_register
from passport.node.models import Fact
from passport.people.engine import visits
from passport.people.engine.times import noted_at
from passport.people.facts.shapes import GroupAdded, RoleEnded, RoleGranted, SiteAdded, SiteChanged
from passport.people.models import Group, RoleEnd, RoleGrant, Site

_SITE_FIELDS: Final = ("name", "ways", "shows_names", "language")


def project_site_added(fact: Fact) -> None:
    body = fact.read(SiteAdded)
    site = _site(body)
    site.code, site.added_at = body.code, noted_at(fact)
    _set(fact, site, {field: getattr(body, field) for field in _SITE_FIELDS})


def project_site_changed(fact: Fact) -> None:
    body = fact.read(SiteChanged)
    given = {field: getattr(body, field) for field in _SITE_FIELDS}
    _set(fact, _site(body), {name: value for name, value in given.items() if value is not None})


def _site(body: SiteAdded | SiteChanged) -> Site:
    return Site.objects.filter(pk=body.id).first() or Site(pk=body.id)


def _set(fact: Fact, site: Site, values: dict[str, object]) -> None:
    for field in project_register(fact, site.id, values):
        setattr(site, field, values[field])
    site.save()
    visits.forget_all()


def project_group_added(fact: Fact) -> None:
    body = fact.read(GroupAdded)
    group = Group(id=body.id, site_id=body.site, name=body.name, added_at=noted_at(fact))
    Group.objects.bulk_create([group], ignore_conflicts=True)


def project_role_granted(fact: Fact) -> None:
    body = fact.read(RoleGranted)
    grant = RoleGrant(
        id=body.id,
        person_id=body.person,
        role=body.role,
        site_id=body.site,
        granted_at=noted_at(fact),
    )
    RoleGrant.objects.bulk_create([grant], ignore_conflicts=True)
    visits.forget_person(body.person)


def project_role_ended(fact: Fact) -> None:
    end = RoleEnd(grant_id=fact.read(RoleEnded).grant, at=noted_at(fact))
    RoleEnd.objects.bulk_create([end], ignore_conflicts=True)
    # The grant, which names the person, may not have arrived yet; and roles seldom end.
    visits.forget_all()
