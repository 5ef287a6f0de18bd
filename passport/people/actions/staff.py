"""Staff: added, given roles, and their roles ended. Only where the country decides."""

from __future__ import annotations

from uuid import UUID

from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.kernel.ids import new_id
from passport.kernel.permissions import Permission, RoleName
from passport.node.actions import new_person_stream, note, writes
from passport.node.models import Stream
from passport.node.queries import role as node_role
from passport.people.engine.locking import drop_stale
from passport.people.engine.passwords import hashed
from passport.people.engine.registering import (
    Details,
    check_free_username,
    free_contact,
    login,
    note_and_project,
    registration,
)
from passport.people.engine.scope import open_grants, site_known
from passport.people.errors import Taken
from passport.people.facts import PrivateLogin, RoleEnded, RoleGranted, project
from passport.people.models import Person, RoleGrant
from passport.people.policies import (
    check_grantable,
    check_may,
    check_password,
    check_speaks_for_country,
    checked_family,
    checked_given,
    checked_sex,
    checked_username,
)


def add_staff(
    *,
    by: Actor,
    given: str,
    family: str = "",
    username: str,
    password: str,
    role: str,
    site: UUID | None = None,
    sex: str | None = None,
    contact: str = "",
) -> Person:
    """Register somebody who works here, with a password and a role at a site or in the office."""
    _check(by)
    name = check_grantable(role, site)
    check_password(password, is_staff=True)
    details = Details(
        given=checked_given(given),
        family=checked_family(family),
        sex=checked_sex(sex),
        contact=contact,
    )
    private = PrivateLogin(username=checked_username(username), password=hashed(password))
    return _added(by=by, details=details, private=private, role=name, site=site)


@writes
def _added(
    *, by: Actor, details: Details, private: PrivateLogin, role: RoleName, site: UUID | None
) -> Person:
    if site is not None:
        site_known(site)
    check_free_username(private.username or "")
    contact = free_contact(details.contact)
    whole = Details(details.given, details.family, details.sex, contact)
    stream = new_person_stream(new_id())
    note_and_project(by, [registration(stream, site, whole), login(stream, private)])
    _granted(by, stream.key, role, site)
    return Person.objects.get(pk=stream.key)


@writes
def grant_role(*, by: Actor, person: UUID, role: str, site: UUID | None = None) -> RoleGrant:
    """Give a role to somebody who is registered. It works with a password only (C37)."""
    _check(by)
    name = check_grantable(role, site)
    if site is not None:
        site_known(site)
    if not Person.objects.filter(pk=person).exists():
        raise NotFound("There is no such person.")
    if open_grants().filter(person=person, role=name, site=site).exists():
        raise Taken("This person has this role already.")
    return _granted(by, person, name, site)


@writes
def end_role(*, by: Actor, grant: UUID) -> None:
    """End a role. Where this node has the person signed in, it loses its powers at once."""
    _check(by)
    found = open_grants().filter(pk=grant).first()
    if found is None:
        raise NotFound("There is no such role, or it has ended.")
    body = RoleEnded(grant=grant)
    project(note(by=by, stream=_stream(found.site_id), kind="role.ended@1", body=body))
    drop_stale()


def _granted(by: Actor, person: UUID, role: RoleName, site: UUID | None) -> RoleGrant:
    body = RoleGranted(id=new_id(), person=person, role=role.value, site=site)
    project(note(by=by, stream=_stream(site), kind="role.granted@1", body=body))
    return RoleGrant.objects.get(pk=body.id)


def _stream(site: UUID | None) -> Stream:
    return Stream.country() if site is None else Stream.of_site(site)


def _check(by: Actor) -> None:
    check_may(by, Permission.MANAGE_STAFF)
    check_speaks_for_country(node_role())
