"""Which version of a course is shown: the newest that is whole (DESIGN section 7, lesson C24).

A newer version waits beside the one shown until its last file is here, then takes its place in
one transaction, search included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from passport.kernel.encoding import canonical, read
from passport.kernel.errors import Damaged
from passport.kernel.text import fold
from passport.library.engine import article, blobs, index, quiz
from passport.library.engine.manifest import LessonManifest, VersionManifest
from passport.library.engine.search import Entry, Place
from passport.library.models import BlobState, Course, Lesson, Version, VersionBlob

_SHOWN: Final = (
    "titles", "summaries", "category", "audience", "licence", "credits", "tags", "colour", "cover",
    "languages", "pinned", "lesson_count", "sort_title", "current",
)  # fmt: skip


def settle(course: Course) -> bool:
    """Look again which version is to be shown; tells whether that has changed.

    A course that has been shown is not taken away when a file of it rots: it stays, with one
    lesson that can't be opened until the file is here again, unless an older version is whole.
    """
    versions = list(
        Version.objects.filter(course=course)
        .defer("manifest")
        .order_by("-number", "-published_at", "-id")
    )
    lacking = set(
        VersionBlob.objects.filter(version__in=versions, blob__state=BlobState.MISSING)
        .values_list("version_id", flat=True)
        .distinct()
    )
    for version in versions:
        ready = version.pk not in lacking
        if version.ready != ready:
            version.ready = ready
            version.save(update_fields=["ready"])
    newest = next((version for version in versions if version.ready), None)
    if newest is None or newest.pk == course.current_id:
        return False
    _show(course, newest)
    return True


def _show(course: Course, version: Version) -> None:
    manifest = msgspec.convert(version.manifest, VersionManifest)
    course.current = version
    course.titles = manifest.titles
    course.summaries = manifest.summaries
    course.category = manifest.category
    course.audience = manifest.audience[:11]
    course.licence = manifest.licence[:10_000]
    course.credits = manifest.credits
    course.tags = list(manifest.tags)
    course.colour = manifest.colour[:10]
    course.cover = file_name(manifest, manifest.cover)
    course.languages = list(manifest.languages)
    course.pinned = manifest.pinned
    course.lesson_count = len(manifest.lessons)
    course.sort_title = fold(next(iter(manifest.titles.values()), ""))[:200]
    course.save(update_fields=_SHOWN)
    _show_lessons(course, manifest)
    index.write([entry_of(manifest)])


def _show_lessons(course: Course, manifest: VersionManifest) -> None:
    Lesson.objects.filter(course=course).update(position=None)
    Lesson.objects.bulk_create(
        (
            Lesson(
                id=lesson.id,
                course=course,
                slug=lesson.slug[:60],
                position=position,
                kind=lesson.kind[:20],
                minutes=lesson.minutes,
                titles=lesson.titles,
                content=msgspec.json.decode(canonical(lesson)),
            )
            for position, lesson in enumerate(manifest.lessons, start=1)
        ),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["slug", "position", "kind", "minutes", "titles", "content"],
        batch_size=500,
    )


def file_name(manifest: VersionManifest, sha256: str) -> str:
    """The name of a blob under /media/; "" for none."""
    return f"{sha256}.{manifest.blobs[sha256].extension}" if sha256 in manifest.blobs else ""


def entry_of(manifest: VersionManifest) -> Entry:
    """The course as the search index sees it, in all its languages."""
    return Entry(
        course=manifest.course, audience=manifest.audience, texts=tuple(_texts_of(manifest))
    )


def _texts_of(manifest: VersionManifest) -> Iterator[tuple[int, Place, str]]:
    for title in manifest.titles.values():
        yield 0, Place.TITLE, title
    for summary in manifest.summaries.values():
        yield 0, Place.SUMMARY, summary
    for tag in (*manifest.tags, *manifest.category.values()):
        yield 0, Place.TAG, tag
    for number, lesson in enumerate(manifest.lessons, start=1):
        for title in lesson.titles.values():
            yield number, Place.LESSON_TITLE, title
        for text in _lesson_texts(lesson):
            yield number, Place.TEXT, text


def _lesson_texts(lesson: LessonManifest) -> Iterator[str]:
    written: list[str] = list(lesson.transcripts.values())
    if lesson.kind == "article":
        written += [content.blob for content in lesson.content.values()]
    for sha256 in written:
        made = _read(sha256, article.Article)
        if made is not None:
            yield " ".join(article.plain(page) for page in made.pages)
    if lesson.quiz:
        asked = _read(lesson.quiz, quiz.Quiz)
        if asked is not None:
            yield quiz.words_of(asked)
    yield from _spoken(lesson.captions.values())


def _spoken(captions: Iterable[str]) -> Iterator[str]:
    for sha256 in captions:
        try:
            lines = blobs.place_of(sha256, "vtt").read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        yield " ".join(line for line in lines if "-->" not in line and line != "WEBVTT")


def _read[T](sha256: str, shape: type[T]) -> T | None:
    """A text for the index; None when it is not here: a course is shown all the same."""
    try:
        return read(blobs.place_of(sha256, "json").read_bytes(), shape)
    except (OSError, Damaged):
        return None
