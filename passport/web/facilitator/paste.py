"""A class from a pasted list: looked at first, then taken whole or not at all."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.learning import actions as learning
from passport.people import actions, queries
from passport.web.refusals import sentence
from passport.web.staff.guard import page, staff
from passport.web.staff.words import sex_words


@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show what a list says, line by line; register everybody on it when that was confirmed."""
    by = staff(request, Permission.MANAGE_LEARNERS)
    known = queries.group(by, group)
    text, wrong, report = request.POST.get("text", ""), "", None
    sure = request.POST.get("sure") == "yes"
    if request.method == "POST":
        try:
            report = actions.register_learners(
                by=by,
                site=known.site,
                group=group,
                text=text,
                dry_run=not sure,
                skip_duplicates=request.POST.get("namesakes") != "too",
            )
        except Invalid as refusal:
            wrong = sentence(refusal)
        else:
            for made in report.registered:
                learning.enrol_newcomer(by=by, person=made.person)
    return page(
        request,
        "facilitator/paste.html",
        "classes",
        400 if wrong else 200,
        group=known,
        text=text,
        wrong=wrong,
        report=report,
        done=sure and report is not None,
        problems=[(line, sentence(line.problem)) for line in report.problems if line.problem]
        if report
        else [],
        sexes=sex_words(),
    )
