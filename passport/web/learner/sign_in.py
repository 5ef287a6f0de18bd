"""Who is learning? The classes of this node, by their pictures."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from passport.people import queries as people
from passport.web.learner.guard import page

FACES = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A class to choose, with a few of its faces, for those who can't read its name."""

    id: UUID
    name: str
    site: str
    pictures: tuple[int, ...]


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the classes; where there is one class only, go to its pictures."""
    search = request.GET.get("q", "")
    sites = people.sign_in_sites(search)
    ways = {way for site in sites for way in site.ways} | {"password"}
    found = [
        (site, group)
        for site in sites
        if "picture" in site.ways
        for group in site.groups
        if group.learners
    ]
    faces = people.first_faces([group.id for _, group in found], FACES)
    choices = [
        Choice(group.id, group.name, site.name if len(sites) > 1 else "", faces[group.id])
        for site, group in found
    ]
    if len(choices) == 1 and not search:
        return redirect("learner:group", choices[0].id)
    many = len(sites) >= people.MOST_SITES or bool(search)
    return page(request, "sign_in", choices=choices, ways=ways, search=search, many=many)
