"""What a published version is: its manifest. This shape travels, so fields are only ever added.

Texts and contents are by language (BCP 47), in the author's order, the leading language first.
Blobs are named by their SHA-256 in hex. `docs/protocol.md` shows one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from passport.kernel.encoding import canonical, digest
from passport.kernel.ids import derived_id
from passport.library.engine.fields import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator


class Content(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A lesson in one language. `pages` of an article or document; `seconds` of a recording."""

    blob: str
    pages: int = 0
    seconds: int = 0


class LessonManifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A lesson of one version. A quiz has one blob for all languages, in `quiz`."""

    id: UUID
    slug: str
    kind: str
    minutes: int
    titles: Texts
    content: dict[str, Content] = {}
    captions: Texts = {}
    transcripts: Texts = {}
    picture: str = ""
    quiz: str = ""
    questions: int = 0
    pass_mark: int = 0


class BlobManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to know of a file before it is here. `size` in bytes."""

    size: int
    type: str
    extension: str


class CourseManifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All of a version but its name: equal contents have equal bytes."""

    course: UUID
    titles: Texts
    summaries: Texts
    category: Texts
    audience: str
    licence: str
    credits: str
    tags: tuple[str, ...]
    colour: str
    cover: str
    """The SHA-256 of the cover picture; "" for none."""
    languages: tuple[str, ...]
    pinned: bool
    lessons: tuple[LessonManifest, ...]
    blobs: dict[str, BlobManifest]

    def content_digest(self) -> str:
        """The SHA-256 in hex of everything an author can change."""
        return digest(canonical(self)).hex()


class VersionManifest(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered version of a course: the body of the fact `course.published`."""

    version: UUID
    number: int
    content: CourseManifest


def version_of(content: CourseManifest, number: int) -> VersionManifest:
    """Name a version: its id follows from course, number and content."""
    version = derived_id(content.course, str(number), content.content_digest())
    return VersionManifest(version=version, number=number, content=content)


def lesson_id(course: UUID, slug: str) -> UUID:
    """The id of a lesson: the same in every version and language, so that progress stays."""
    return derived_id(course, "lesson", slug)


def blobs_of_lesson(lesson: LessonManifest) -> Iterator[str]:
    """The blobs that a lesson names itself; pictures inside an article are not among them."""
    for content in lesson.content.values():
        yield content.blob
    yield from lesson.captions.values()
    yield from lesson.transcripts.values()
    if lesson.picture:
        yield lesson.picture
    if lesson.quiz:
        yield lesson.quiz
