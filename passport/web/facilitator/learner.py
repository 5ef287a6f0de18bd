"""One learner: courses, progress, and the way to every answer."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from passport.kernel.actor import Actor
from passport.kernel.errors import NotFound
from passport.kernel.permissions import Permission
from passport.learning import queries as learning
from passport.learning.policies import STUCK_AFTER
from passport.library import queries as library
from passport.people import actions, queries
from passport.web.staff.guard import page, staff
from passport.web.staff.words import kind_words, rule_words, sex_words


@require_safe
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show what a learner of one's own site did and does."""
    by = staff(request, Permission.SEE_CLASS)
    known = queries.person(by, person)
    if known.masked or not known.groups:
        raise NotFound("There is no such person.")
    return page(
        request,
        "facilitator/learner.html",
        "classes",
        person=known,
        measures=learning.measures(by, person),
        courses=_courses(by, person),
        kinds=kind_words(),
        rules=rule_words(),
        sexes=sex_words(),
        stuck_after=STUCK_AFTER,
        may_manage=by.may(Permission.MANAGE_LEARNERS, site=known.site),
        may_assign=by.may(Permission.ASSIGN_COURSES, site=known.site),
        groups=queries.groups_of(by),
    )


@require_POST
def change(request: HttpRequest, person: UUID) -> HttpResponse:
    """Correct a name, or move the learner to another class of one's own sites."""
    by = staff(request, Permission.MANAGE_LEARNERS)
    given = request.POST
    if "group" in given:
        with suppress(ValueError):
            actions.move_to_group(by=by, person=person, group=UUID(given["group"]))
    else:
        actions.change_person(
            by=by,
            person=person,
            given=given.get("given", ""),
            family=given.get("family", ""),
            sex=given.get("sex") or None,
        )
    return redirect("facilitator:learner", person)


def _courses(
    by: Actor, person: UUID
) -> list[tuple[library.CoursePage, learning.CourseRecord, int]]:
    """Return each course with the learner's record in it and how many lessons are done.

    A course that isn't whole on this node, or is hidden, is left out.
    """
    found = []
    for record in learning.record_of(by, person):
        with suppress(NotFound):
            course = library.course_page(by=by, course_id=record.course, language=by.language)
            done = sum(
                lesson.id in record.lessons and record.lessons[lesson.id].done
                for lesson in course.lessons
            )
            found.append((course, record, done))
    return found
