"""People: a list of any length with masked names, and one person, whose name opens for a reason."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from passport.kernel.errors import Invalid, NotFound
from passport.kernel.permissions import Permission, RoleName
from passport.people import actions, queries
from passport.web.refusals import sentence
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps
from passport.web.staff.words import role_words, sex_words


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List everybody, masked."""
    by = staff(request, Permission.LIST_PEOPLE)
    search, sort = request.GET.get("q", ""), request.GET.get("sort", "newest")
    site = _site(request)
    found = queries.people_page(by, search=search, sort=sort, page=number_in(request), site=site)
    return page(
        request,
        "office/people.html",
        "people",
        found=found,
        search=search,
        sort=sort,
        site=site,
        site_name=queries.site_names().get(site, "") if site else "",
        steps=steps(request, found.number, found.pages, found.total),
        sex_words=sex_words(),
        role_words=role_words(),
        may_merge=by.may(Permission.MOVE_LEARNERS),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show one person, masked; open the name for a reason, which is written down (R138)."""
    by = staff(request, Permission.LIST_PEOPLE)
    known = queries.person(by, person)
    opened, wrong = None, ""
    if request.method == "POST":
        try:
            opened = actions.reveal(by=by, person=person, reason=request.POST.get("reason", ""))
        except Invalid as refusal:
            wrong = sentence(refusal)
    may_open = by.may(Permission.REVEAL_NAMES)
    openings = queries.openings_of(by, person) if may_open else []
    return page(
        request,
        "office/person.html",
        "people",
        400 if wrong else 200,
        person=known,
        opened=opened,
        wrong=wrong,
        may_open=may_open,
        openings=openings,
        openers=queries.names_of(by, {one.by for one in openings if one.by}),
        mergers=queries.mergers_of(by, person),
        may_part=by.may(Permission.MOVE_LEARNERS),
        may_move=by.may(Permission.MOVE_LEARNERS) and not known.roles,
        may_grant=by.may(Permission.MANAGE_STAFF) and bool(known.roles),
        sex_words=sex_words(),
        role_words=role_words(),
        roles=[role.value for role in RoleName if role is not RoleName.LEARNER],
        sites=queries.site_names(),
    )


def _site(request: HttpRequest) -> UUID | None:
    text = request.GET.get("site", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound("There is no such site.") from None
