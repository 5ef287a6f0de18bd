"""Courses: the list, and one with its versions and lessons."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from passport.kernel.permissions import Permission
from passport.library import queries
from passport.web.office.words import kind_words
from passport.web.staff.guard import StaffRequest, page, staff
from passport.web.staff.lists import number_in, steps


@require_safe
@staff(Permission.SEE_FIGURES)
def listing(request: StaffRequest) -> HttpResponseBase:
    """List the courses, or find some by words in titles, texts and tags."""
    by, search = request.actor, request.GET.get("q", "")
    found = queries.catalogue(
        by=by, language=by.language, text=search, page=number_in(request), size=50
    )
    return page(
        request,
        "office/courses.html",
        "courses",
        found=found,
        search=search,
        steps=steps(request, found.page, found.pages, found.total),
        may_publish=by.may(Permission.PUBLISH_COURSES) and request.role.may_publish,
    )


@require_safe
@staff(Permission.SEE_FIGURES)
def show(request: StaffRequest, course: UUID) -> HttpResponseBase:
    """Show a course: what it holds, every version of it, and who vouches for it."""
    by = request.actor
    return page(
        request,
        "office/course.html",
        "courses",
        course=queries.course_page(by=by, course_id=course, language=by.language),
        versions=queries.versions_of(by=by, course_id=course),
        kinds=kind_words(),
    )
