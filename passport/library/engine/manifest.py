"""What a published version is: its manifest. This shape travels, so fields are only ever added.

Texts and contents are by language (BCP 47), in the author's order, the leading language first.
Blobs are named by their SHA-256 in hex. `docs/protocol.md` shows one.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from passport.kernel.encoding import canonical, digest
from passport.kernel.ids import derived_id
from passport.library.engine.fields import Texts

# These become names of files, so they are checked wherever a manifest is read.
type Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
type Sha256OrNone = Annotated[str, msgspec.Meta(pattern="^(?:[0-9a-f]{64})?$")]
type Extension = Annotated[str, msgspec.Meta(pattern="^[a-z0-9]{1,8}$")]


class Content(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A lesson in one language. `pages` of an article, document or book; `seconds` of a recording.

    A package has its files in `blob`, a zip, and says in the blob `launch` how it is begun
    (`engine.packages.launch.Launch`).
    """

    blob: Sha256
    pages: int = 0
    seconds: int = 0
    launch: Sha256OrNone = ""


class LessonManifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A lesson of one version. A quiz has one blob for all languages, in `quiz`."""

    id: UUID
    slug: str
    kind: str
    minutes: int
    titles: Texts
    content: dict[str, Content] = {}
    captions: dict[str, Sha256] = {}
    transcripts: dict[str, Sha256] = {}
    picture: Sha256OrNone = ""
    quiz: Sha256OrNone = ""
    questions: int = 0
    pass_mark: int = 0


class BlobManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to know of a file before it is here. `size` in bytes."""

    size: Annotated[int, msgspec.Meta(ge=0)]
    type: str
    extension: Extension


class CourseManifest(msgspec.Struct, frozen=True, kw_only=True):
    """A course as its author has it now: all of a version but its name."""

    course: UUID
    titles: Texts
    summaries: Texts
    category: Texts
    audience: str
    licence: str
    credits: str
    tags: tuple[str, ...]
    colour: str
    cover: Sha256OrNone
    """The cover picture's blob; "" for none."""
    languages: tuple[str, ...]
    pinned: bool
    lessons: tuple[LessonManifest, ...]
    blobs: dict[Sha256, BlobManifest]


class VersionManifest(CourseManifest, frozen=True, kw_only=True):
    """A numbered version of a course: the body of the fact `course.published`."""

    version: UUID
    number: Annotated[int, msgspec.Meta(ge=1)]
    content_digest: Sha256
    """SHA-256 of the canonical `CourseManifest`: equal contents, equal digests."""


def content_digest(course: CourseManifest) -> str:
    """The SHA-256 in hex of everything an author can change."""
    return digest(canonical(course)).hex()


def version_of(course: CourseManifest, number: int) -> VersionManifest:
    """Name a version: its id follows from course, number and content."""
    hashed = content_digest(course)
    return VersionManifest(
        **msgspec.structs.asdict(course),
        version=derived_id(course.course, str(number), hashed),
        number=number,
        content_digest=hashed,
    )


def lesson_id(course: UUID, slug: str) -> UUID:
    """The id of a lesson: the same in every version and language, so that progress stays."""
    return derived_id(course, "lesson", slug)
