"""Courses: the list, and one with its versions and lessons."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from passport.kernel.permissions import Permission
from passport.library import queries
from passport.node.queries import role
from passport.web.staff.guard import page, staff
from passport.web.staff.lists import number_in, steps
from passport.web.staff.words import kind_words


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the courses, or find some by words in titles, texts and tags."""
    by = staff(request, Permission.SEE_FIGURES)
    search, sort = request.GET.get("q", ""), request.GET.get("sort", "title")
    found = queries.catalogue(
        by=by, language=by.language, text=search, order=sort, page=number_in(request), size=50
    )
    return page(
        request,
        "office/courses.html",
        "courses",
        found=found,
        search=search,
        sort="" if search else sort,
        steps=steps(request, found.page, found.pages, found.total),
        may_publish=by.may(Permission.PUBLISH_COURSES) and role().may_publish,
    )


@require_safe
def show(request: HttpRequest, course: UUID) -> HttpResponse:
    """Show a course: what it holds, every version of it, and who vouches for it."""
    by = staff(request, Permission.SEE_FIGURES)
    return page(
        request,
        "office/course.html",
        "courses",
        course=queries.course_page(by=by, course_id=course, language=by.language),
        versions=queries.versions_of(by=by, course_id=course),
        kinds=kind_words(),
    )
