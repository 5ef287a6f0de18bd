"""Publishing a course: upload a folder, look at what it is and what is wrong with it, confirm."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from passport.kernel.errors import Invalid
from passport.kernel.permissions import Permission
from passport.library import actions, queries
from passport.web.office import desk
from passport.web.refusals import sentence
from passport.web.staff.guard import page, staff
from passport.web.staff.words import kind_words


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take the folder of a course, or a zip of it."""
    by = staff(request, Permission.PUBLISH_COURSES)
    wrong = ""
    if request.method == "POST":
        files = [*request.FILES.getlist("folder"), *request.FILES.getlist("zip")]
        try:
            token = desk.lay_out(by.person, files, request.POST.get("paths", ""))
        except Invalid as refusal:
            wrong = sentence(refusal)
        else:
            return redirect("office:confirm", token)
    return page(request, "office/publish.html", "courses", 400 if wrong else 200, wrong=wrong)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what would be published and all that is wrong; publish it."""
    by = staff(request, Permission.PUBLISH_COURSES)
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
