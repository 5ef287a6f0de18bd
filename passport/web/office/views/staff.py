"""Staff: who holds which role, somebody new, a role given or ended."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission, RoleName
from passport.people import actions, queries
from passport.web.office.words import role_words, sex_words
from passport.web.staff.guard import StaffRequest, page, said, staff

ROLES = [role.value for role in RoleName if role is not RoleName.LEARNER]


@require_safe
@staff(Permission.MANAGE_STAFF)
def listing(request: StaffRequest) -> HttpResponseBase:
    """List the roles that are held."""
    rows = queries.staff_list(request.actor)
    return page(request, "office/staff.html", "staff", rows=rows, role_words=role_words())


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.MANAGE_STAFF)
def add(request: StaffRequest) -> HttpResponseBase:
    """Register somebody who works here."""
    given, wrong = request.POST, ""
    if request.method == "POST":
        try:
            actions.add_staff(
                by=request.actor,
                given=given.get("given", ""),
                family=given.get("family", ""),
                username=given.get("username", ""),
                password=given.get("password", ""),
                role=given.get("role", ""),
                site=_site(given),
                sex=given.get("sex") or None,
                contact=given.get("contact", ""),
            )
        except Invalid as refusal:
            wrong = said(refusal)
        else:
            return redirect("office:staff")
    return page(
        request,
        "office/add_staff.html",
        "staff",
        400 if wrong else 200,
        given=given,
        wrong=wrong,
        roles=ROLES,
        role_words=role_words(),
        sex_words=sex_words(),
        sites=queries.site_names(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.MANAGE_STAFF)
def end(request: StaffRequest, grant: UUID) -> HttpResponseBase:
    """End a role, after asking once."""
    if request.method == "POST":
        actions.end_role(by=request.actor, grant=grant)
        return redirect("office:staff")
    row = queries.role_held(request.actor, grant)
    return page(request, "office/end_role.html", "staff", row=row, role_words=role_words())


@require_POST
@staff(Permission.MANAGE_STAFF)
def grant(request: StaffRequest, person: UUID) -> HttpResponseBase:
    """Give somebody another role."""
    role = request.POST.get("role", "")
    actions.grant_role(by=request.actor, person=person, role=role, site=_site(request.POST))
    return redirect("office:person", person)


def _site(given: QueryDict) -> UUID | None:
    """Read the site; the roles of the whole country have none, whatever stands in the form."""
    text = given.get("site", "")
    if given.get("role") != RoleName.FACILITATOR or not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("There is no such site.") from None
