"""One's own password: whoever set the first one should not know the one in use."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from passport.kernel.errors import PassportError
from passport.kernel.permissions import Permission
from passport.people import actions
from passport.web.middleware import Request
from passport.web.refusals import sentence
from passport.web.staff.guard import page, staff


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Change the password of whoever is signed in; other sign-ins with the old one end."""
    by = staff(request, Permission.SEE_STAFF_COURSES)
    given, wrong, done = request.POST, "", False
    visit = cast("Request", request).visit
    if request.method == "POST" and given.get("new") != given.get("again"):
        wrong = _("The two new passwords differ.")
    elif request.method == "POST":
        try:
            actions.change_own_password(
                by=by,
                present=given.get("old", ""),
                password=given.get("new", ""),
                sign_in=visit.sign_in if visit else None,
            )
            done = True
        except PassportError as refusal:
            wrong = sentence(refusal)
    status = 400 if wrong else 200
    return page(request, "facilitator/password.html", "", status, wrong=wrong, done=done)
