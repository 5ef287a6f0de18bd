"""What a facilitator asks: own classes, own learners, nobody else's (R008, C42)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from passport.kernel.actor import Actor
from passport.kernel.clock import moment, now_ms
from passport.kernel.codes import shown_code
from passport.kernel.disclosure import masked_name
from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.people.engine import seen
from passport.people.engine.hidden import Hidden, open_all
from passport.people.engine.scope import (
    group_known_to,
    known_to,
    learners_of,
    open_memberships,
    person_changed_by,
    person_known_to,
)
from passport.people.models import Group, Person, SignIn
from passport.people.policies import check_may


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """A class of a site."""

    id: UUID
    name: str
    site: UUID
    site_name: str
    learners: int


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner of one's own class, with the name. `name` is "" while this node lacks their key."""

    person: UUID
    given: str
    family: str
    name: str
    avatar: int
    sex: str | None
    joined_at: datetime
    last_seen: datetime | None
    """On this node, to the minute."""


@dataclass(frozen=True, slots=True)
class ClassList:
    """A class with its learners, by name."""

    group: ClassGroup
    learners: tuple[Learner, ...]


def groups_of(by: Actor) -> list[ClassGroup]:
    """Return the classes that `by` sees, by site and name."""
    sites = by.sites(Permission.SEE_CLASS)
    groups = Group.objects.all() if sites is None else Group.objects.filter(site__in=list(sites))
    return [_group(group) for group in _counted(groups).order_by("site__name", "name")]


def groups_at(site: UUID) -> list[ClassGroup]:
    """Return the classes of one site by name; who may ask is the caller's to know."""
    return [_group(group) for group in _counted(Group.objects.filter(site=site)).order_by("name")]


def group(by: Actor, group: UUID) -> ClassGroup:
    """Return one class. Raises `NotFound` for those of other sites."""
    group_known_to(by, group)
    return _group(_counted(Group.objects.filter(pk=group)).get())


def _counted(groups: QuerySet[Group]) -> QuerySet[Group]:
    here = Count("memberships", filter=Q(memberships__departure=None))
    return groups.select_related("site").annotate(learners=here)


def _group(row: Group) -> ClassGroup:
    return ClassGroup(
        id=row.id,
        name=row.name,
        site=row.site_id,
        site_name=row.site.name if row.site else "",
        learners=row.learners,  # type: ignore[attr-defined]
    )


def class_list(by: Actor, group: UUID) -> ClassList:
    """Return a class with its learners. Raises `NotFound` for classes of other sites."""
    joined = _joined(group_known_to(by, group).id)
    people = list(Person.objects.filter(pk__in=list(joined)))
    opened = open_all(people)
    last = _last_seen(joined)
    learners = [
        _learner(one, opened.get(one.id, Hidden()), joined[one.id], last.get(one.id))
        for one in people
    ]
    learners.sort(key=lambda learner: (learner.name.casefold(), learner.person))
    return ClassList(_group(_counted(Group.objects.filter(pk=group)).get()), tuple(learners))


def _learner(
    one: Person, hidden: Hidden, joined_at: datetime, last_seen: datetime | None
) -> Learner:
    return Learner(
        person=one.id,
        given=hidden.given,
        family=hidden.family,
        name=hidden.name,
        avatar=one.avatar,
        sex=one.sex,
        joined_at=joined_at,
        last_seen=last_seen,
    )


def _joined(group: UUID) -> dict[UUID, datetime]:
    return dict(open_memberships().filter(group=group).values_list("person", "joined_at"))


def _last_seen(people: Iterable[UUID]) -> dict[UUID, datetime]:
    seen_at = SignIn.objects.filter(person__in=list(people)).order_by().values("person")
    return dict(seen_at.annotate(at=Max("last_seen")).values_list("person", "at"))


def here_now(by: Actor, group: UUID, *, minutes: int = 5) -> dict[UUID, datetime]:
    """Return who of a class is signed in and was active on this node within `minutes`, and when."""
    now = moment(now_ms())
    members = open_memberships().filter(group=group_known_to(by, group).id).values("person")
    active = SignIn.objects.filter(ended=None, person__in=members).filter(
        Q(last_seen__gte=now - timedelta(minutes=minutes)) | Q(pk__in=list(seen.waiting()))
    )
    return dict(active.order_by("last_seen").values_list("person", "last_seen"))


def members_of(by: Actor, group: UUID) -> list[UUID]:
    """Return the learners of a class. Raises `NotFound` for classes of other sites."""
    return list(_joined(group_known_to(by, group).id))


def groups_of_person(by: Actor, person: UUID) -> list[UUID]:
    """Return the classes that a person is in. Raises `NotFound` for whom `by` may not know of."""
    if by.person != person:
        person_known_to(by, person)
    return list(open_memberships().filter(person=person).values_list("group", flat=True))


def names_of(by: Actor, people: Iterable[UUID]) -> dict[UUID, str]:
    """Return names: whole of one's own people, masked for the office; others are left out."""
    found = list(known_to(by).filter(pk__in=list(people)))
    whole = _whole(by, found)
    return {
        person: hidden.name if person in whole else masked_name(hidden.name)
        for person, hidden in open_all(found).items()
    }


def _whole(by: Actor, people: list[Person]) -> set[UUID]:
    sites = by.sites(Permission.SEE_CLASS)
    if sites is None:
        return {person.id for person in people}
    own = open_memberships().filter(site__in=list(sites), person__in=[one.id for one in people])
    ids = set(own.values_list("person", flat=True))
    return ids | {one.id for one in people if one.site_id in sites or one.id == by.person}


# Cards


@dataclass(frozen=True, slots=True)
class CardFace:
    """What is printed on a card: who, the picture, the picture code, the card's code."""

    person: UUID
    given: str
    family: str
    avatar: int
    picture_code: tuple[int, ...]
    code: str
    """In groups of four; the QR holds `<ADDRESS>/c/<code>` without the spaces."""
    site_name: str
    group_name: str


def cards_of(by: Actor, group: UUID) -> list[CardFace]:
    """Return the cards of a class, by name, for whoever manages its learners."""
    found = group_known_to(by, group)
    check_may(by, Permission.MANAGE_LEARNERS, site=found.site_id)
    faces = _faces(learners_of(found.id), found.name)
    return sorted(faces, key=lambda face: (face.given.casefold(), face.family.casefold()))


def card_of(by: Actor, person: UUID) -> CardFace:
    """Return one learner's card. Raises `NotFound`, `NotAllowed`."""
    found = person_changed_by(by, person)
    latest = open_memberships().filter(person=person).order_by("-stamp").first()
    group = Group.objects.filter(pk=latest.group_id).first() if latest else None
    faces = _faces(Person.objects.filter(pk=found.id), group.name if group else "")
    if not faces:
        raise NotFound("This node doesn't hold the card of this person.")
    return faces[0]


def _faces(people: QuerySet[Person], group_name: str) -> list[CardFace]:
    rows = list(people.select_related("site"))
    opened = open_all(rows)
    return [
        CardFace(
            person=one.id,
            given=opened[one.id].given,
            family=opened[one.id].family,
            avatar=one.avatar,
            picture_code=tuple(opened[one.id].picture_code),
            code=shown_code(opened[one.id].card),
            site_name=one.site.name if one.site else "",
            group_name=group_name,
        )
        for one in rows
        if one.id in opened
    ]
