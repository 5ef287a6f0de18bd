"""Publishing a course: upload a folder, look at what it is and what is wrong with it, confirm."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.library import actions, queries
from passport.web.office import desk
from passport.web.office.words import kind_words
from passport.web.staff.guard import StaffRequest, page, said, staff


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.PUBLISH_COURSES)
def upload(request: StaffRequest) -> HttpResponseBase:
    """Take the folder of a course, or a zip of it."""
    wrong = ""
    if request.method == "POST":
        files = [*request.FILES.getlist("folder"), *request.FILES.getlist("zip")]
        try:
            token = desk.lay_out(request.actor.person, files, request.POST.get("paths", ""))
        except Invalid as refusal:
            wrong = said(refusal)
        else:
            return redirect("office:confirm", token)
    return page(request, "office/publish.html", "courses", 400 if wrong else 200, wrong=wrong)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.PUBLISH_COURSES)
def confirm(request: StaffRequest, token: str) -> HttpResponseBase:
    """Show what would be published and all that is wrong; publish it."""
    by = request.actor
    folder = desk.laid_out(by.person, token)
    if request.method == "POST":
        published = actions.publish(by=by, folder=folder)
        desk.clear(by.person)
        done = "same" if published.nothing_changed else "published"
        return redirect(f"{reverse('office:course', args=[published.course])}?done={done}")
    report = actions.check(folder)
    course = report.course
    return page(
        request,
        "office/confirm.html",
        "courses",
        report=report,
        course=course,
        size=sum(blob.size for blob in course.blobs.values()) if course else 0,
        number=len(queries.version_ids(course.course)) + 1 if course else 0,
        problems=[_told(problem) for problem in report.problems],
        kinds=kind_words(),
    )


def _told(problem: actions.Problem) -> dict[str, str]:
    sentence = _(problem.message)
    return {
        "place": problem.place,
        "severity": problem.severity.value,
        "words": sentence % problem.params if problem.params else sentence,
    }
