"""Staff: who holds which role, somebody new, a role given or ended."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passport.kernel.errors import Invalid, NotFound
from passport.kernel.permissions import Permission, RoleName
from passport.people import actions, queries
from passport.web.refusals import sentence
from passport.web.staff.guard import page, staff
from passport.web.staff.words import role_words, sex_words

ROLES = [role.value for role in RoleName if role is not RoleName.LEARNER]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the roles that are held."""
    by = staff(request, Permission.MANAGE_STAFF)
    rows = queries.staff_list(by)
    return page(request, "office/staff.html", "staff", rows=rows, role_words=role_words())


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Register somebody who works here."""
    by = staff(request, Permission.MANAGE_STAFF)
    given, wrong = request.POST, ""
    if request.method == "POST":
        try:
            actions.add_staff(
                by=by,
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
            wrong = sentence(refusal)
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
def end(request: HttpRequest, grant: UUID) -> HttpResponse:
    """End a role, after asking once."""
    by = staff(request, Permission.MANAGE_STAFF)
    if request.method == "POST":
        actions.end_role(by=by, grant=grant)
        return redirect("office:staff")
    row = next((row for row in queries.staff_list(by) if row.grant == grant), None)
    if row is None:
        raise NotFound("There is no such role, or it has ended.")
    return page(request, "office/end_role.html", "staff", row=row, role_words=role_words())


@require_POST
def grant(request: HttpRequest, person: UUID) -> HttpResponse:
    """Give somebody another role."""
    by = staff(request, Permission.MANAGE_STAFF)
    role = request.POST.get("role", "")
    actions.grant_role(by=by, person=person, role=role, site=_site(request.POST))
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
