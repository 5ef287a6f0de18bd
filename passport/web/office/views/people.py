"""People: a list of any length with masked names, and one person, whose name opens for a reason."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods, require_safe

from passport.kernel.errors import Invalid, NotFound
from passport.kernel.permissions import Permission, RoleName
from passport.people import actions, queries
from passport.web.office.words import role_words, sex_words
from passport.web.staff.guard import AVATARS, StaffRequest, page, said, staff
from passport.web.staff.lists import number_in, steps


@require_safe
@staff(Permission.LIST_PEOPLE)
def listing(request: StaffRequest) -> HttpResponseBase:
    """List everybody, masked."""
    search, sort = request.GET.get("q", ""), request.GET.get("sort", "newest")
    site = _site(request)
    found = queries.people_page(
        request.actor, search=search, sort=sort, page=number_in(request), site=site
    )
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
        avatars=AVATARS,
        sex_words=sex_words(),
        role_words=role_words(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.LIST_PEOPLE)
def show(request: StaffRequest, person: UUID) -> HttpResponseBase:
    """Show one person, masked; open the name for a reason, which is written down (R138)."""
    by = request.actor
    known = queries.person(by, person)
    opened, wrong = None, ""
    if request.method == "POST":
        try:
            opened = actions.reveal(by=by, person=person, reason=request.POST.get("reason", ""))
        except Invalid as refusal:
            wrong = said(refusal)
    may_open = by.may(Permission.REVEAL_NAMES)
    openings = queries.openings_of(by, person) if may_open else []
    return page(
        request,
        "office/person.html",
        "people",
        400 if wrong else 200,
        person=known,
        picture=AVATARS[known.avatar % len(AVATARS)],
        opened=opened,
        wrong=wrong,
        may_open=may_open,
        openings=openings,
        openers=queries.names_of(by, {one.by for one in openings if one.by}),
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
