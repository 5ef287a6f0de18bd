"""From a course folder to what is published: the manifest and the blobs it names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import msgspec
from django.utils.translation import gettext_noop as _

from passport.kernel.encoding import canonical
from passport.library.engine import article
from passport.library.engine.desk import Desk, Piece
from passport.library.engine.fields import Texts, said_in
from passport.library.engine.folder import CourseSource, LessonSource, read_course
from passport.library.engine.limits import USUAL, Limits
from passport.library.engine.manifest import (
    BlobManifest,
    Content,
    CourseManifest,
    LessonManifest,
    lesson_id,
)
from passport.library.engine.media import Form
from passport.library.engine.problems import Problem, Report, has_errors
from passport.library.engine.quiz import read_quiz
from passport.library.engine.tree import COURSE_FILE, Tree, opened

JSON: Final = "application/json"
_FORM_OF_KIND: Final = {"video": Form.VIDEO, "audio": Form.AUDIO, "document": Form.DOCUMENT}


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that was read. `course` is None when an error keeps it from being published."""

    course: CourseManifest | None
    problems: tuple[Problem, ...]
    pieces: dict[str, Piece]


def files_of(source: Path, report: Report, limits: Limits = USUAL) -> AbstractContextManager[Tree]:
    """Open a folder or a zip of one; blobs that are files are only there while it is open."""
    return opened(source, report, limits)


def compile_course(tree: Tree, report: Report, limits: Limits = USUAL) -> Compiled:
    """Read, check and put together a course. Never raises for bad input."""
    desk = Desk(tree, report, limits)
    source = None if has_errors(report.problems) else read_course(desk)
    course = None if source is None else _course(desk, source)
    if course is None or has_errors(report.problems):
        return Compiled(course=None, problems=report.problems, pieces={})
    named = {sha256: desk.pieces[sha256] for sha256 in course.blobs}
    return Compiled(course=course, problems=report.problems, pieces=named)


def _course(desk: Desk, source: CourseSource) -> CourseManifest:
    cover = ""
    if source.cover:
        placed = desk.media(COURSE_FILE, source.cover, source.cover_line, Form.IMAGE)
        cover = "" if placed is None else placed.sha256
    lessons = tuple(_lesson(desk, source, lesson) for lesson in source.lessons)
    return CourseManifest(
        course=source.course,
        titles=source.titles,
        summaries=source.summaries,
        category=source.category,
        audience=source.audience,
        licence=source.licence,
        credits=source.credits,
        tags=source.tags,
        colour=source.colour,
        cover=cover,
        languages=source.languages,
        pinned=source.pinned,
        lessons=lessons,
        blobs={
            sha256: BlobManifest(size=piece.size, type=piece.media_type, extension=piece.extension)
            for sha256, piece in sorted(desk.pieces.items())
        },
    )


def _lesson(desk: Desk, course: CourseSource, lesson: LessonSource) -> LessonManifest:
    made = LessonManifest(
        id=lesson_id(course.course, lesson.slug),
        slug=lesson.slug,
        kind=lesson.kind,
        minutes=lesson.minutes,
        titles=lesson.titles,
    )
    match lesson.kind:
        case "article":
            return msgspec.structs.replace(made, content=dict(_articles(desk, lesson)))
        case "quiz":
            return _quiz(desk, course, lesson, made)
        case _:
            return _recorded(desk, lesson, made)


def _articles(desk: Desk, lesson: LessonSource) -> Iterator[tuple[str, Content]]:
    for language, reference in lesson.sources.items():
        written = _written(desk, reference, lesson.source_line, lesson.titles, language)
        if written is not None:
            yield language, Content(blob=written[0], pages=written[1])


def _written(
    desk: Desk, reference: str, line: int, titles: Texts, language: str
) -> tuple[str, int] | None:
    """Render one Markdown file; its blob and its number of pages."""
    name = desk.find(COURSE_FILE, reference, line)
    text = None if name is None else desk.text(name)
    if name is None or text is None:
        return None
    made = article.render(desk, name, text, language=language, title=said_in(titles, language))
    return desk.put(canonical(made), JSON, "json"), len(made.pages)


def _quiz(
    desk: Desk, course: CourseSource, lesson: LessonSource, made: LessonManifest
) -> LessonManifest:
    reference = next(iter(lesson.sources.values()), "")
    name = desk.find(COURSE_FILE, reference, lesson.source_line) if reference else None
    quiz = None if name is None else read_quiz(desk, name, course.languages)
    if quiz is None:
        return made
    return msgspec.structs.replace(
        made,
        quiz=desk.put(canonical(quiz), JSON, "json"),
        questions=len(quiz.show.questions),
        pass_mark=quiz.show.pass_mark,
    )


def _recorded(desk: Desk, lesson: LessonSource, made: LessonManifest) -> LessonManifest:
    """Video, audio and document."""
    content: dict[str, Content] = {}
    for language, reference in lesson.sources.items():
        form = _FORM_OF_KIND[lesson.kind]
        placed = desk.media(COURSE_FILE, reference, lesson.source_line, form)
        if placed is None:
            continue
        seconds = lesson.seconds or placed.media.seconds or 0
        if form is not Form.DOCUMENT and not seconds:
            desk.report.error(
                COURSE_FILE, lesson.source_line,
                _("“%(reference)s” does not tell how long it is; write seconds = … beside it."),
                reference=reference,
            )  # fmt: skip
        content[language] = Content(
            blob=placed.sha256,
            pages=placed.media.pages or 0,
            seconds=0 if form is Form.DOCUMENT else seconds,
        )
    return msgspec.structs.replace(
        made,
        content=content,
        captions=dict(_captions(desk, lesson)),
        transcripts=dict(_transcripts(desk, lesson)),
        picture=_picture(desk, lesson),
    )


def _captions(desk: Desk, lesson: LessonSource) -> Iterator[tuple[str, str]]:
    for language, reference in lesson.captions.items():
        placed = desk.media(COURSE_FILE, reference, lesson.lines["captions"], Form.CAPTIONS)
        if placed is not None:
            yield language, placed.sha256


def _transcripts(desk: Desk, lesson: LessonSource) -> Iterator[tuple[str, str]]:
    for language, reference in lesson.transcripts.items():
        line = lesson.lines["transcript"]
        written = _written(desk, reference, line, lesson.titles, language)
        if written is not None:
            yield language, written[0]


def _picture(desk: Desk, lesson: LessonSource) -> str:
    if not lesson.picture:
        return ""
    line = lesson.lines["poster" if lesson.kind == "video" else "image"]
    placed = desk.media(COURSE_FILE, lesson.picture, line, Form.IMAGE)
    return "" if placed is None else placed.sha256
