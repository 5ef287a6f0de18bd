"""Places: sites and the classes in them."""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.errors import Invalid
from passport.kernel.ids import new_id
from passport.kernel.permissions import Permission
from passport.kernel.text import fold
from passport.node.actions import note, writes
from passport.node.models import Stream
from passport.node.queries import role
from passport.people.engine.scope import site_known
from passport.people.errors import Taken
from passport.people.facts import GroupAdded, SiteAdded, SiteChanged, project
from passport.people.models import Group, Site
from passport.people.policies import (
    DEFAULT_WAYS,
    check_may,
    check_may_either,
    check_speaks_for_country,
    checked_name,
    checked_ways,
)


@writes
def add_site(
    *,
    by: Actor,
    name: str,
    code: str = "",
    ways: Collection[str] = DEFAULT_WAYS,
    shows_names: bool = False,
    language: str = "",
) -> Site:
    """Add a place. Without a code, one is made of its name. Raises `Taken` for a code in use."""
    check_may(by, Permission.MANAGE_SITES)
    check_speaks_for_country(role())
    body = SiteAdded(
        id=new_id(),
        name=checked_name(name),
        code=_given_code(code) if code.strip() else _free_code(name),
        ways=checked_ways(ways),
        shows_names=shows_names,
        language=language,
    )
    project(note(by=by, stream=Stream.country(), kind="site.added@1", body=body))
    return Site.objects.get(pk=body.id)


def _given_code(code: str) -> str:
    short = code.strip().upper()
    if not re.fullmatch(r"[\w-]{1,20}", short):
        raise Invalid("A site's code is up to 20 letters and digits.")
    if Site.objects.filter(code=short).exists():
        raise Taken("Another site has the code %(code)s.", code=short)
    return short


def _free_code(name: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-").upper()[:14] or "SITE"
    taken = set(Site.objects.filter(code__startswith=stem).values_list("code", flat=True))
    free = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in free if code not in taken)


@writes
def change_site(
    *,
    by: Actor,
    site: UUID,
    name: str | None = None,
    ways: Collection[str] | None = None,
    shows_names: bool | None = None,
    language: str | None = None,
) -> Site:
    """Change what is given and leave the rest."""
    check_may(by, Permission.MANAGE_SITES)
    check_speaks_for_country(role())
    site_known(site)
    body = SiteChanged(
        id=site,
        name=None if name is None else checked_name(name),
        ways=None if ways is None else checked_ways(ways),
        shows_names=shows_names,
        language=language,
    )
    project(note(by=by, stream=Stream.country(), kind="site.changed@1", body=body))
    return site_known(site)


@writes
def add_group(*, by: Actor, site: UUID, name: str) -> Group:
    """Add a class to a site."""
    place = site_known(site)
    check_may_either(by, Permission.MANAGE_LEARNERS, Permission.MANAGE_SITES, site=place.id)
    title = checked_name(name)
    if Group.objects.filter(site=site, name=title).exists():
        raise Taken("This site has a class called %(name)s already.", name=title)
    body = GroupAdded(id=new_id(), site=site, name=title)
    project(note(by=by, stream=Stream.of_site(site), kind="group.added@1", body=body))
    return Group.objects.get(pk=body.id)
