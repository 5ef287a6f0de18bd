"""Before and while somebody is signed in. What stands here is shown to whoever reaches the node."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.node.models import Stream, StreamKind
from passport.node.queries import Prepared
from passport.people.engine.hidden import open_all, open_hidden
from passport.people.engine.scope import is_staff, learners_of, open_grants, open_memberships
from passport.people.engine.visits import visit_of
from passport.people.models import Group, Person, Site, Way

MOST_SITES = 50


def actor_of(sign_in: UUID) -> Actor | None:
    """Return who is signed in, with the powers they have here; None when nobody is."""
    visit = visit_of(sign_in)
    return visit.actor if visit else None


@dataclass(frozen=True, slots=True)
class SignInGroup:
    """A class to choose at the door."""

    id: UUID
    name: str
    learners: int


@dataclass(frozen=True, slots=True)
class SignInSite:
    """A site to choose at the door."""

    id: UUID
    name: str
    code: str
    ways: tuple[str, ...]
    """Values of `Way`."""
    language: str
    """"" where the site has none."""
    groups: tuple[SignInGroup, ...]


def sign_in_sites(search: str = "") -> list[SignInSite]:
    """Return the sites that have classes, by name; fifty at most, which `search` narrows."""
    sites = Site.objects.exclude(added_at=None).filter(groups__isnull=False).distinct()
    if search.strip():
        text = search.strip()
        sites = sites.filter(Q(name__icontains=text) | Q(code__iexact=text))
    chosen = list(sites.order_by("name", "id")[:MOST_SITES])
    here = Count("memberships", filter=Q(memberships__departure=None))
    groups: dict[UUID, list[SignInGroup]] = {site.id: [] for site in chosen}
    rows = Group.objects.filter(site__in=list(groups)).annotate(learners=here)
    for group in rows.order_by("name"):
        groups[group.site_id].append(SignInGroup(group.id, group.name, group.learners))
    return [
        SignInSite(
            id=site.id,
            name=site.name,
            code=site.code,
            ways=tuple(site.ways),
            language=site.language,
            groups=tuple(groups[site.id]),
        )
        for site in chosen
    ]


def first_faces(groups: Iterable[UUID], most: int) -> dict[UUID, tuple[int, ...]]:
    """Return the first few pictures of some classes, as `sign_in_grid` orders them."""
    faces: dict[UUID, list[int]] = {group: [] for group in groups}
    members = open_memberships().filter(group__in=faces)
    learners = members.exclude(person__in=open_grants().values("person"))
    for group, avatar in learners.order_by("person__avatar", "person").values_list(
        "group", "person__avatar"
    ):
        if len(faces[group]) < most:
            faces[group].append(avatar)
    return {group: tuple(found) for group, found in faces.items()}


@dataclass(frozen=True, slots=True)
class Tile:
    """A learner as they find themselves: a picture, a first name only where the site wants it."""

    person: UUID
    avatar: int
    first_name: str | None
    group: UUID


@dataclass(frozen=True, slots=True)
class Grid:
    """A class at the door."""

    group: UUID
    name: str
    site: UUID
    site_name: str
    ways: tuple[str, ...]
    tiles: tuple[Tile, ...]


def sign_in_grid(group: UUID) -> Grid:
    """Return the pictures of a class. Raises `NotFound`, also where the picture way is closed."""
    found = Group.objects.select_related("site").filter(pk=group).first()
    if found is None or found.site is None or Way.PICTURE not in found.site.ways:
        raise NotFound("There is no such class.")
    people = list(learners_of(group).order_by("avatar", "id"))
    opened = open_all(people) if found.site.shows_names else {}
    return Grid(
        group=found.id,
        name=found.name,
        site=found.site_id,
        site_name=found.site.name,
        ways=tuple(found.site.ways),
        tiles=tuple(
            Tile(one.id, one.avatar, opened[one.id].given if one.id in opened else None, found.id)
            for one in people
        ),
    )


def sign_in_face(person: UUID) -> Tile:
    """Return the picture of one learner. Raises `NotFound` where they can't sign in by picture."""
    found = Person.objects.select_related("site").filter(pk=person).first()
    membership = open_memberships().filter(person=person).order_by("-stamp").first()
    if (
        found is None
        or membership is None
        or found.site is None
        or Way.PICTURE not in found.site.ways
        or is_staff(person)
    ):
        raise NotFound("There is no such person.")
    opened = open_all([found]) if found.site.shows_names else {}
    name = opened[person].given if person in opened else None
    return Tile(found.id, found.avatar, name, membership.group_id)


@dataclass(frozen=True, slots=True)
class Myself:
    """Whoever is signed in, as the frame of a page shows them."""

    id: UUID
    name: str
    """The given name; "" while this node lacks the key."""
    avatar: int


def myself(by: Actor) -> Myself:
    """Return the person who asks. Raises `NotFound` for the machine."""
    rows = _myself(by.person) if by.person else []
    if not rows:
        raise NotFound("There is no such person.")
    person, avatar, sealed, key = rows[0]
    stream = Stream(kind=StreamKind.PERSON, key=person, sealed_key=key)
    hidden = open_hidden(stream, sealed)
    return Myself(person, hidden.given if hidden else "", avatar)


_STREAM = Stream.objects.filter(kind=StreamKind.PERSON, key=OuterRef("pk"))
_myself: Prepared[tuple[UUID, int, bytes | None, bytes | None]] = Prepared(
    lambda person: (
        Person.objects.filter(pk=person)
        .annotate(person_key=Subquery(_STREAM.values("sealed_key")))
        .values_list("id", "avatar", "sealed", "person_key")
    )
)
