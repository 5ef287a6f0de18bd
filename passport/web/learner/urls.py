"""The addresses of the learner's door."""

from __future__ import annotations

from django.urls import path

from passport.web.learner import (
    answers,
    away,
    card,
    code,
    course,
    courses,
    done,
    events,
    grid,
    home,
    language,
    learnt,
    leaving,
    lessons,
    password,
    read,
    sign_in,
)

app_name = "learner"
urlpatterns = [
    path("", home.start, name="home"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/password", password.password, name="password"),
    path("sign-in/card", card.typed, name="card_typed"),
    path("sign-in/as/<uuid:person>", code.code, name="code"),
    path("sign-in/<uuid:group>", grid.grid, name="group"),
    path("c/<str:code>", card.scanned, name="card"),
    path("sign-out", leaving.sign_out, name="sign_out"),
    path("still-you", leaving.still_you, name="still_you"),
    path("courses", courses.courses, name="courses"),
    path("courses/<uuid:course>", course.course, name="course"),
    path("courses/<uuid:course>/done", done.done, name="done"),
    path("lessons/<uuid:lesson>", lessons.lesson, name="lesson"),
    path("lessons/<uuid:lesson>/answers", answers.answers, name="answers"),
    path("lessons/<uuid:lesson>/read", read.read, name="read"),
    path("events", events.events, name="events"),
    path("learnt", learnt.learnt, name="learnt"),
    path("away", away.away, name="away"),
    path("language", language.language, name="language"),
]
